/**
 * Portcullis: authenticated WebSockets on the standard library alone. The token is checked before the connection exists,
 * each connection is a session, and each message passes a permission table, in both directions.
 *
 * @example The shortest complete program: an authenticated chat.
 * ```ts
 * import { randomBytes } from "node:crypto";
 * import { createServer } from "node:http";
 * import { createGate, definePermissions, hmacKey } from "portcullis";
 *
 * const isText = (value: unknown): value is string => typeof value === "string";
 *
 * const gate = createGate({
 *   keys: [hmacKey(randomBytes(32))],
 *   audience: "chat",
 *   permissions: definePermissions({
 *     roles: ["guest", "member"],
 *     receive: { "chat.say": { roles: ["member"], data: isText } },
 *     send: { "chat.said": { roles: ["guest", "member"], data: isText } },
 *   }),
 *   handlers: { "chat.say": (text, { groups }) => groups.send("everyone", "chat.said", text) },
 * });
 *
 * const server = createServer();
 * gate.attach(server);
 * server.listen(0, "127.0.0.1", () => server.close());
 * ```
 *
 * @module
 */

export type { SeenRequest } from "./auth/seen_request.ts";
export type { Claims, ClaimsFault, ClaimsPolicy, Identity } from "./auth/claims.ts";
export {
  BEARER_SUBPROTOCOL_PREFIX,
  bearerSubprotocols,
  type Carrier,
  CARRIERS,
  SUBPROTOCOL,
} from "./auth/credential.ts";
export {
  DECISION_STEPS,
  type DecisionRow,
  type DecisionStep,
  type DecisionStepName,
  decisionSteps,
} from "./auth/decision.ts";
export type { DoorPolicy, OpenDoor, TokenDoor } from "./auth/door.ts";
export { type Algorithm, ALGORITHMS, type HmacKey, hmacKey } from "./auth/key.ts";
export { KeyRing, type KeyRingOptions, type KeySource } from "./auth/key_ring.ts";
export type { OriginPolicy } from "./auth/origin.ts";
export {
  authorize,
  definePermissions,
  type PermissionDefinition,
  permissionMatrix,
  type PermissionTable,
  type Refused,
} from "./auth/permission.ts";
export type {
  PermissionRow,
  Principal,
  Rows,
  SendRow,
  SendRows,
  SlowReaderPolicy,
} from "./auth/permission_row.ts";
export type { Revocation } from "./auth/standing.ts";
export { signToken, type TokenFault, type TokenPolicy, verifyToken } from "./auth/token.ts";
export type { Guard, StandardResult, StandardSchema, Validator } from "./auth/validator.ts";
export type { Clock, Timer } from "./base/clock.ts";
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  PortcullisError,
  type RequestDenial,
} from "./base/errors.ts";
export { type LimitName, LIMITS, type Limits, resolveLimits } from "./base/limits.ts";
export { fault, ok, type Result } from "./base/result.ts";
export { printable } from "./base/text.ts";
export type { Rate } from "./base/token_bucket.ts";
export type { ClientCarrier } from "./client/carrier.ts";
export type { Client } from "./client/client.ts";
export { CLIENT_LIMITS, type ClientLimitName, type ClientLimits } from "./client/client_limits.ts";
export type { ClientOptions } from "./client/client_options.ts";
export type { Cause, ClientState, SessionInfo } from "./client/client_state.ts";
export type { Listener } from "./client/listeners.ts";
export type { AnyTable, Delivered, OpenTable, RequestArguments, Requested } from "./client/message_table.ts";
export type { RequestOptions } from "./client/requests.ts";
export type { Tap } from "./client/tap.ts";
export type { TokenReason, TokenRequest } from "./client/token_source.ts";
export type {
  Transport,
  TransportEnd,
  TransportEvents,
  TransportLink,
  TransportRequest,
} from "./client/transport.ts";
export { webSocketTransport } from "./client/web_socket_transport.ts";
export { Acceptor } from "./io/acceptor.ts";
export type { AcceptedRequest, AcceptorOptions, AcceptorSettings } from "./io/acceptor_options.ts";
export { connect } from "./io/client.ts";
export type { ConnectOptions } from "./io/client_options.ts";
export { socketTransport, type SocketTransportOptions } from "./io/client_transport.ts";
export type { Connection, ConnectionEvents, UnauthenticatedConnection } from "./io/connection.ts";
export { createClient } from "./io/create_client.ts";
export type { Decision, Purpose } from "./io/decision.ts";
export { createGate } from "./io/create_gate.ts";
export { type FrontDoor, type FrontDoorOptions, putFrontDoor, type UpgradeHandler } from "./io/front_door.ts";
export { Gate } from "./io/gate.ts";
export type { GateOptions, GateSettings, SubjectFullPolicy } from "./io/gate_options.ts";
export type { HealthPaths } from "./io/health.ts";
export type {
  AnswerTrace,
  ClientTraceOptions,
  ConnectionTraceEvent,
  DecisionTrace,
  EndTrace,
  FrameTrace,
  RequestTrace,
  TracedConnection,
  TraceEvent,
  TraceOptions,
} from "./io/trace.ts";
export type { TrustedProxies } from "./io/peer_address.ts";
export { type Refusal, type RefusalName, type RefusalRow, REFUSALS } from "./io/refusal.ts";
export type { OnRequest, UpgradeServer } from "./io/upgrade_server.ts";
export type { CloseStatus } from "./protocol/close.ts";
export {
  type ClientAction,
  clientActionFor,
  CLOSE,
  type CloseRow,
  meaningOfCode,
} from "./protocol/close_codes.ts";
export type { DeflateParameters } from "./protocol/deflate_negotiation.ts";
export type { DeflateChoice, DeflateOptions } from "./protocol/deflate_options.ts";
export type { ForwardedField } from "./protocol/forwarded.ts";
export type { MessageKind, Side } from "./protocol/frame.ts";
export { FrameInspector, type InspectionOptions } from "./protocol/frame_inspector.ts";
export type { InspectedFrame } from "./protocol/inspected_frame.ts";
export {
  explainFrame,
  type FrameField,
  frameFields,
  framePayloadText,
  opcodeName,
  payloadText,
} from "./protocol/frame_text.ts";
export type { UpgradeOffer, UpgradeRequest } from "./protocol/handshake.ts";
export type { ExtensionOffer, HeaderFields } from "./protocol/header_field.ts";
export type { MessageLimits } from "./protocol/message.ts";
export { HANDSHAKE_RULES, type HandshakeRuleName } from "./protocol/handshake_rules.ts";
export { FRAME_RULES, type FrameRuleName } from "./protocol/rules.ts";
export { SharedMessage, shareMessage } from "./protocol/shared_message.ts";
export type { AuditEvent, AuditName, AuditSink } from "./session/audit.ts";
export type { ExactHandlers, Handler, HandlerContext, Handlers } from "./session/handler.ts";
export { CONTROL_TYPES, type Denial, type DenialCode, DENIALS } from "./session/envelope.ts";
export type { EndSession, Groups } from "./session/groups.ts";
export type { Leases, LeaseTerms } from "./session/leases.ts";
export type { Presence, PresenceState } from "./session/presence.ts";
export {
  MESSAGE_STEPS,
  type MessageStep,
  type MessageStepName,
  type MessageStepRow,
} from "./session/message_steps.ts";
export type { DeliveryOutcome, Undelivered } from "./session/delivery.ts";
export type {
  DeliveryTrace,
  LeaseTrace,
  MessageTrace,
  SessionTraceEvent,
  TracedSession,
} from "./session/trace.ts";
export type { ExactlyOne, Recipients } from "./session/recipients.ts";
export type { Session } from "./session/session.ts";
export { SESSION_ENDS, type SessionEnd, type SessionEndRow } from "./session/session_end.ts";
