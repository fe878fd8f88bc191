import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manifestDigest } from "../../cli/registry.ts";
import { type Image, imageReference, images } from "../../components/images.ts";

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [],
});
const DIGEST = `sha256:${createHash("sha256").update(MANIFEST).digest("hex")}`;

/** A fake: the two questions of the OCI distribution protocol that matter here, and an anonymous token. */
function fakeRegistry(): Server {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const url = new URL(request.url ?? "", `http://localhost:${port}`);
    if (url.pathname === "/token") {
      response.end(JSON.stringify({ token: url.searchParams.get("scope") }));
    } else if (
      url.pathname.startsWith("/v2/closed/") &&
      request.headers.authorization !== "Bearer repository:closed/app:pull"
    ) {
      response.setHeader(
        "www-authenticate",
        `Bearer realm="http://localhost:${port}/token",service="fake",scope="repository:closed/app:pull"`,
      );
      response.writeHead(401).end();
    } else if (url.pathname.endsWith("/manifests/v1")) {
      response.setHeader("docker-content-digest", url.pathname.includes("lying") ? `sha256:${"0".repeat(64)}` : DIGEST);
      response.end(MANIFEST);
    } else {
      response.writeHead(404).end();
    }
  });
  return server;
}

describe("the digest of a tag", () => {
  let server: Server;
  let host: string;
  beforeAll(async () => {
    server = fakeRegistry();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const digest = (path: string, tag = "v1") => manifestDigest(`${host}/${path}`, tag, "http");

  it("is that of the manifest the registry sends", async () => {
    expect(await digest("open/app")).toBe(DIGEST);
  });

  it("is asked for with an anonymous token where the registry wants one", async () => {
    expect(await digest("closed/app")).toBe(DIGEST);
  });

  it("is refused for a tag that is not there, and when the registry's word is not what it sends", async () => {
    await expect(digest("open/app", "v2")).rejects.toThrow("has no tag v2");
    await expect(digest("lying/app")).rejects.toThrow("says sha256:0000");
  });
});

describe("image references", () => {
  const app: Image = { repository: "docker.io/vllm/vllm-openai", tag: "v1", digest: undefined };

  it("keep the origin's path behind a mirror", () => {
    expect(imageReference(app, "mirror.example/hub")).toBe("mirror.example/hub/vllm/vllm-openai:v1");
    expect(imageReference({ ...app, digest: DIGEST })).toBe(`docker.io/vllm/vllm-openai:v1@${DIGEST}`);
  });

  it("are all of exact versions", () => {
    for (const { tag } of Object.values(images)) expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
  });
});
