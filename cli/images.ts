import { join } from "node:path";
import { type Image, imageReference, images } from "../components/images.ts";

import { type Command, parsedArgs, UsageError } from "./command.ts";
import { manifestDigest } from "./registry.ts";
import { writeFile } from "./write-file.ts";

const HELP = `The container images of the stack, each at one exact version, and the digests they stand for.

Usage: breakeven images [options]

  --resolve          ask the registries for the digests and write components/image-digests.json
  --mirror ADDRESS   ask this registry instead, e.g. mirror.example/hub: the path of the origin behind it
  --plain-http       the mirror speaks HTTP, as a registry on this machine does
  --json             print JSON
  --help

Exit status: 0 done, 1 a registry did not answer or has no such tag; nothing is written then, 2 wrong usage.
`;

const FILE = join(import.meta.dirname, "../components/image-digests.json");

/** Digests of all images by `repository:tag`, or every reason why not. */
async function resolveAll(mirror: string | undefined, scheme: string): Promise<Readonly<Record<string, string>>> {
  const problems: string[] = [];
  const digests: Record<string, string> = {};
  for (const image of Object.values(images) as readonly Image[]) {
    const { repository, tag } = image;
    const place = imageReference({ repository, tag }, mirror).slice(0, -(tag.length + 1));
    process.stderr.write(`asking for ${place}:${tag}\n`);
    try {
      digests[`${repository}:${tag}`] = await manifestDigest(place, tag, scheme);
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error };
      problems.push(`${place}:${tag}: ${cause?.message ?? message}`);
    }
  }
  if (problems.length > 0) throw new Error(`no digest of\n  ${problems.join("\n  ")}\nnothing was written`);
  return digests;
}

/** `breakeven images` */
export const imagesCommand: Command = {
  summary: "the container images and their digests",
  async run(args) {
    const { values } = parsed(args);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (!values.resolve && (values.mirror !== undefined || values["plain-http"]))
      throw new UsageError("--mirror and --plain-http say where to ask; add --resolve");
    if (values.resolve) {
      const digests = await resolveAll(values.mirror, values["plain-http"] ? "http" : "https");
      writeFile(FILE, `${JSON.stringify(digests, null, 2)}\n`);
      process.stdout.write(values.json ? `${JSON.stringify(digests)}\n` : lines(digests));
      return 0;
    }
    const rows = Object.fromEntries(
      (Object.values(images) as readonly Image[]).map((image) => [
        `${image.repository}:${image.tag}`,
        image.digest ?? null,
      ]),
    );
    process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : lines(rows));
    return 0;
  },
};

const lines = (digests: Readonly<Record<string, string | null>>): string =>
  Object.entries(digests)
    .map(([image, digest]) => `${image}  ${digest ?? "no digest yet: breakeven images --resolve"}\n`)
    .join("");

const parsed = (args: readonly string[]) =>
  parsedArgs({
    args: [...args],
    options: {
      resolve: { type: "boolean", default: false },
      mirror: { type: "string" },
      "plain-http": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
