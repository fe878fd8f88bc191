import { createHash } from "node:crypto";

/** Kinds of manifest a tag may stand for, lists over all platforms first: their digest is what nodes of any kind pull. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Docker Hub's API has another address than its images. */
const API_HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** `key="value"` pairs of a `WWW-Authenticate: Bearer …` header. */
const challengeOf = (header: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));

async function anonymousToken(challenge: string): Promise<string> {
  const { realm, service, scope } = challengeOf(challenge);
  if (realm === undefined) throw new Error("it asks for a login and names no place to get a token");
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  if (scope !== undefined) url.searchParams.set("scope", scope);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`its token service answers ${answer.status}`);
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  const found = token ?? access_token;
  if (found === undefined) throw new Error("its token service gives no token");
  return found;
}

/**
 * Digest of a tag's manifest, as the registry's own content says it: `sha256:…`. Talks the OCI distribution protocol, with
 * an anonymous token where one is asked for. Throws when the tag does not exist, or the registry's word differs from what it sends.
 */
export async function manifestDigest(repository: string, tag: string, scheme = "https"): Promise<string> {
  const slash = repository.indexOf("/");
  const host = repository.slice(0, slash);
  const url = `${scheme}://${API_HOSTS[host] ?? host}/v2/${repository.slice(slash + 1)}/manifests/${tag}`;
  const ask = (token?: string) =>
    fetch(url, {
      headers: { accept: MANIFESTS, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });
  let answer = await ask();
  if (answer.status === 401) answer = await ask(await anonymousToken(answer.headers.get("www-authenticate") ?? ""));
  if (answer.status === 404) throw new Error(`${repository} has no tag ${tag}`);
  if (!answer.ok) throw new Error(`${host} answers ${answer.status}`);
  const content = Buffer.from(await answer.arrayBuffer());
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const said = answer.headers.get("docker-content-digest");
  if (said !== null && said !== digest) throw new Error(`${host} says ${said} and sends ${digest}`);
  return digest;
}
