/**
 * The exercises of chapter 7.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Who is here: sessions, leases, revocation. */
export const WHO_IS_HERE_EXERCISES: readonly Exercise[] = [
  {
    file: "base/one_or_many.ts",
    from: "known.delete(value);",
    to: "this.#values.delete(key);",
    question:
      "The index of subjects forgets by name, not by identity. A user has two tabs and closes one: what still works for the other, and what does not?",
    tests: ["test/session/registry.test.ts"],
    noticedBy: "Registry.remove() forgets one session of a subject, and keeps the other with the same token",
    answer:
      "The second tab is connected, is found by its id, hears what is said to everybody and may speak. But the index says that its subject has no session: what is sent to the subject does not reach it, it is told to the others as absent, it counts for no limit on sessions per subject, and `revoke({ subject })` and `setRoles` pass it by, so that a banned user stays. The test that removes one of two sessions of a subject and asks for the rest notices.",
  },
  {
    file: "session/leases.ts",
    from: "standing.setRoles(subject, roles, nowMs);",
    to: "",
    question: "All sessions of the subject have the new roles at once. What does a demoted admin do now?",
    tests: ["test/session/leases.test.ts", "test/session/leases_refresh.test.ts"],
    noticedBy: "Leases.setRoles() holds for whoever comes later with a token that was issued before",
    answer:
      "He presses reload. His token was signed before the demotion and still says `admin`; it has a good signature and has not ended, so the new session gets the roles that it names, and so does the old one when it shows the same token in `auth.refresh`. What was changed is only what was here, not what is true. The two tests that show the old token again, at the door and in a refresh, notice: they want the new roles, until a token with a later `iat` says otherwise.",
  },
  {
    file: "client/token_source.ts",
    from: "this.#refused.add(token);",
    to: "",
    question:
      "The client drops a refused token, and asks for another. The application keeps tokens in a cache: what does the server see?",
    tests: ["test/client/token_source.test.ts"],
    noticedBy: "TokenSource never hands out a token that was refused, however often it is given",
    answer:
      "The same token again. The cache does not know that it was refused and gives it out once more; the client, which has forgotten it as well, shows it, is answered 401, asks the cache, and so on, as fast as its waits allow. To the server that is a client that tries a withdrawn token for ever, times all clients. The test whose `getToken` answers with a refused token notices: the client must not send it, and says `token_refused` instead.",
  },
];
