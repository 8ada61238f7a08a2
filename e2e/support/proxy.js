// A proxy as some companies have it: HTTP passes, WebSocket does not.

import http from "node:http";

export async function withoutWebSocket(target) {
  const { hostname, port } = new URL(target);
  const server = http.createServer((req, res) => {
    const { url: path, method, headers } = req;
    const forward = http.request({ hostname, port, path, method, headers }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    forward.on("error", () => res.destroy());
    res.on("close", () => forward.destroy());
    req.pipe(forward);
  });
  server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}
