// Certificates that tests make for themselves.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** A certificate that vouches for itself, as `name`.crt and `name`.key in `dir`; `names` as in "IP:127.0.0.1,DNS:a.test". */
export function selfSigned(dir, name, names) {
  const [crt, key] = ["crt", "key"].map((kind) => path.join(dir, `${name}.${kind}`));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
    "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext", `subjectAltName=${names}`,
    // It is shown by a server itself, and rustls refuses an authority there.
    "-addext", "basicConstraints=critical,CA:FALSE",
    "-keyout", key, "-out", crt], { stdio: "pipe" });
  return { crt, key, ca: readFileSync(crt) };
}
