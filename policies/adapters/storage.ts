import { VOLUME_TAG } from "../../config/marks.ts";
import { readNumber, readText } from "../read.ts";
import { type Adapter, type Adapters, service, unpriced } from "./adapter.ts";

const logGroup: Adapter = (resource, context) => {
  const tag = readText(`tag ${VOLUME_TAG}`, () => resource.props["tags"]?.[VOLUME_TAG]);
  if (!tag.ok) return unpriced(resource, tag.reason);
  const gigabytes = Number(tag.value);
  if (!Number.isFinite(gigabytes) || gigabytes < 0)
    return unpriced(resource, `tag ${VOLUME_TAG} is "${tag.value}"; expected a number`);
  return service("logs-ingest-gb", "control-plane logs", gigabytes)(resource, context);
};

const volume: Adapter = (resource, context) => {
  const type = readText("type", () => resource.props["type"], "gp2");
  const size = readNumber("size", () => resource.props["size"]);
  if (!type.ok) return unpriced(resource, type.reason);
  if (!size.ok) return unpriced(resource, size.reason);
  if (type.value !== "gp3") return unpriced(resource, `volume type "${type.value}" has no price; use gp3`);
  return service("ebs-gp3-gb-month", "disks", size.value)(resource, context);
};

/** Disks, logs, keys and secrets. */
export const storageAdapters: Adapters = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:ebs/volume:Volume": volume,
  "aws:kms/key:Key": service("kms-key-month", "KMS key", 1),
  "aws:secretsmanager/secret:Secret": service("secret-month", "secrets", 1),
};
