import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificates {
  /** PEM of the authority that signed the server's. */
  readonly ca: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** An authority of our own, and a certificate that it signed for a server at this address. */
export function makeCertificates(folder: string, address: string): Certificates {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { stdio: "pipe" });
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  writeFileSync(file("names"), `subjectAltName=IP:${address}\n`);
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.crt"),
    "-days",
    "2",
    "-subj",
    "/CN=nmzt",
  );
  openssl(
    "req",
    ...newKey,
    "-keyout",
    file("server.key"),
    "-out",
    file("request"),
    "-subj",
    `/CN=${address}`,
  );
  const signer = ["-CA", file("ca.crt"), "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2"];
  openssl(
    "x509",
    "-req",
    "-in",
    file("request"),
    ...signer,
    "-extfile",
    file("names"),
    "-out",
    file("server.crt"),
  );
  return {
    ca: readFileSync(file("ca.crt"), "utf8"),
    certificateFile: file("server.crt"),
    keyFile: file("server.key"),
  };
}
