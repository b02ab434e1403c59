import { createHash } from "node:crypto";
import { request } from "node:https";
import { gzipSync } from "node:zlib";

/** Media types of Docker's image manifest, version 2, schema 2. */
const types = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  list: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

export interface Target {
  readonly host: string;
  readonly ca: string;
  readonly login: { readonly username: string; readonly password: string };
}

export interface ImageToUpload {
  /** Tars, the lowest first. */
  readonly layers: readonly Buffer[];
  readonly command: readonly string[];
  /** "amd64" */
  readonly architecture: string;
}

export interface UploadedManifest {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly architecture: string;
}

/** An image as a registry wants it (distribution-spec, "Push"), made without any engine. */
export async function uploadImage(
  target: Target,
  repository: string,
  tag: string,
  image: ImageToUpload,
): Promise<UploadedManifest> {
  const layers = image.layers.map((tar) => ({ tar, gzip: gzipSync(tar, { level: 1 }) }));
  const config = Buffer.from(
    JSON.stringify({
      ...{ architecture: image.architecture, os: "linux", created: "2020-01-01T00:00:00Z" },
      config: { Cmd: image.command },
      rootfs: { type: "layers", diff_ids: layers.map(({ tar }) => digestOf(tar)) },
    }),
  );
  for (const blob of [config, ...layers.map(({ gzip }) => gzip)]) await uploadBlob(target, repository, blob);
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: types.manifest },
      config: described(types.config, config),
      layers: layers.map(({ gzip }) => described(types.layer, gzip)),
    }),
  );
  const digest = await uploadManifest(target, repository, tag, types.manifest, manifest);
  return { digest, sizeBytes: manifest.length, architecture: image.architecture };
}

/** One tag for several platforms. */
export function uploadList(
  target: Target,
  repository: string,
  tag: string,
  images: readonly UploadedManifest[],
): Promise<string> {
  const manifests = images.map(({ digest, sizeBytes, architecture }) => ({
    ...{ mediaType: types.manifest, digest, size: sizeBytes },
    platform: { architecture, os: "linux" },
  }));
  const list = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.list, manifests }));
  return uploadManifest(target, repository, tag, types.list, list);
}

function described(mediaType: string, bytes: Buffer): object {
  return { mediaType, size: bytes.length, digest: digestOf(bytes) };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function uploadBlob(target: Target, repository: string, blob: Buffer): Promise<void> {
  const location = await send(target, "POST", `/v2/${repository}/blobs/uploads/`, 202);
  const url = new URL(location, `https://${target.host}`);
  url.searchParams.set("digest", digestOf(blob));
  await send(target, "PUT", `${url.pathname}${url.search}`, 201, "application/octet-stream", blob);
}

async function uploadManifest(
  target: Target,
  repository: string,
  tag: string,
  type: string,
  manifest: Buffer,
): Promise<string> {
  await send(target, "PUT", `/v2/${repository}/manifests/${tag}`, 201, type, manifest);
  return digestOf(manifest);
}

/** Resolves with the answer's Location. */
function send(
  target: Target,
  method: string,
  path: string,
  expected: number,
  type = "text/plain",
  body: Buffer = Buffer.alloc(0),
): Promise<string> {
  const { username, password } = target.login;
  const headers = { "Content-Type": type, "Content-Length": body.length };
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      ca: target.ca,
      auth: `${username}:${password}`,
      agent: false,
    } as const;
    const asked = request(`https://${target.host}${path}`, options, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === expected) resolve(answer.headers.location ?? "");
        else reject(new Error(`${method} ${path}: the registry answered ${answer.statusCode}`));
      });
    });
    asked.once("error", reject);
    asked.end(body);
  });
}
