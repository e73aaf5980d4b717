/**
 * An echo server of Deno's own. `deno run --allow-net deno_server.js serve` prints where it listens.
 *
 * @module
 */

if (globalThis.Deno?.args[0] === "serve") {
  const onListen = ({ port }) => console.log(`listening on ws://127.0.0.1:${port}`);
  Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "chat" });
    socket.onmessage = ({ data }) =>
      data === "close, please" ? socket.close(4_123, "as you asked") : socket.send(data);
    return response;
  });
}
