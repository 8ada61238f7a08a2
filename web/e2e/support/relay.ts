/** A server in front of the server, which can answer some paths differently: the next release. */

import http from "node:http";
import net, { type AddressInfo } from "node:net";

export interface Relay {
  url: string;
  /** Changes the text that is served at a path. */
  change: (path: string, edit: (text: string) => string) => void;
  close: () => void;
}

export async function relay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const edits = new Map<string, (text: string) => string>();
  const server = http.createServer((req, res) => {
    const edit = edits.get(new URL(req.url ?? "/", target).pathname);
    const headers = { ...req.headers };
    if (edit) {
      // Whole and plain, so that it can be changed.
      for (const name of ["accept-encoding", "if-none-match", "if-modified-since"]) delete headers[name];
    }
    const forward = http.request({ hostname, port, path: req.url, method: req.method, headers }, (answer) => {
      if (!edit) {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
        return;
      }
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const { "content-length": _length, etag: _etag, ...rest } = answer.headers;
        res.writeHead(answer.statusCode ?? 502, rest);
        res.end(edit(Buffer.concat(parts).toString()));
      });
    });
    forward.on("error", () => res.destroy());
    res.on("close", () => forward.destroy());
    req.pipe(forward);
  });
  server.on("upgrade", (req, socket, head) => {
    const onward = net.connect(Number(port), hostname, () => {
      const headers = req.rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`));
      onward.write(`${req.method} ${req.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    const end = () => {
      onward.destroy();
      socket.destroy();
    };
    for (const side of [onward, socket]) side.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change: (path, edit) => void edits.set(path, edit),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
