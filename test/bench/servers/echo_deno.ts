/**
 * A native peer: the server that is built into Deno.
 *
 * @module
 */

/** The part of Deno that is used here. */
interface Deno {
  serve(options: object, handler: (request: Request) => Response): void;
  upgradeWebSocket(
    request: Request,
  ): { readonly socket: WebSocket; readonly response: Response };
}

const { Deno } = globalThis as { readonly Deno?: Deno };
if (Deno !== undefined) {
  const onListen = ({ port }: { readonly port: number }) =>
    console.log(`listening on ws://127.0.0.1:${port}`);
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => socket.send(data as ArrayBuffer);
    return response;
  });
}
