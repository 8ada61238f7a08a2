// Requests over TLS that trust one authority alone, and find every name on loopback.

import https from "node:https";

const loopback = (_name, options, found) =>
  options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4);

/** For `https`, and for the official client. */
export const agentFor = (ca) => new https.Agent({ ca, lookup: loopback, maxCachedSessions: 0 });

/** `fetch` as far as tests use it, on a connection of its own. */
export const fetchWith = (ca) => (url, { method = "GET", headers = {}, body } = {}) =>
  new Promise((resolve, reject) => {
    const options = { method, headers, ca, lookup: loopback, agent: false };
    const request = https.request(url, options, (response) => {
      const parts = [];
      const certificate = response.socket.getPeerCertificate();
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status } = response;
        const text = async () => Buffer.concat(parts).toString();
        const ok = status >= 200 && status < 300;
        resolve({ ok, status, headers: new Headers(response.headers), text, certificate });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
