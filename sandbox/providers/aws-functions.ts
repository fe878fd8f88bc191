/** The AWS data sources that the sandbox can answer; policy documents are computed for real. */

import { isObject, type Properties, type Value } from "./values.ts";

/** The account number that AWS uses in its documentation. */
export const ACCOUNT = "123456789012";

type AwsFunction = (args: Properties, region: string) => Properties;

export const awsFunctions: Record<string, AwsFunction> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    region,
    names: ["a", "b", "c"].map((letter) => `${region}${letter}`),
    zoneIds: [1, 2, 3].map((number) => `${shortRegion(region)}-az${number}`),
    groupNames: [region],
  }),
  /** Every zone has every type: which do is known to AWS alone. */
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (args, region) => {
    const [filter] = lists(args.filters);
    const [type = null] = Array.isArray(filter?.values) ? filter.values : [];
    const locations = ["a", "b", "c"].map((letter) => `${region}${letter}`);
    return {
      ...args,
      id: region,
      region,
      instanceTypes: locations.map(() => type),
      locations,
      locationTypes: locations.map(() => "availability-zone"),
    };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: ACCOUNT,
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
    userId: "AIDASANDBOX",
  }),
  "aws:index/getRegion:getRegion": (args, region) => {
    const name = String(args.region ?? args.name ?? region);
    return { id: name, region: name, name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
  },
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const document = policyDocument(args);
    return { ...args, id: "policy", json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
  },
  "aws:ssm/getParameter:getParameter": (args, region) => {
    const name = String(args.name);
    const value = `sandbox-value-of-${name}`;
    const arn = `arn:aws:ssm:${region}:${ACCOUNT}:parameter/${name.replace(/^\//, "")}`;
    return { ...args, id: name, arn, region, type: "String", value, insecureValue: value, version: 1 };
  },
};

/** `us-east-1` is `use1` in zone ids. */
const shortRegion = (region: string): string => {
  const [area, direction, number] = region.split("-");
  return `${area}${direction?.[0]}${number}`;
};

const lists = (value: Value | undefined): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** IAM writes a list of one as its only member. */
const oneOrMany = (value: Value | undefined): Value | undefined => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.length === 1 ? value[0] : [...value].sort();
};

function policyDocument(args: Properties): object {
  for (const unsupported of ["sourcePolicyDocuments", "overridePolicyDocuments"]) {
    if (args[unsupported] !== undefined) {
      throw new Error(`the sandbox's getPolicyDocument does not merge documents: "${unsupported}" is not supported`);
    }
  }
  return {
    Version: args.version ?? "2012-10-17",
    ...(args.policyId === undefined ? {} : { Id: args.policyId }),
    Statement: lists(args.statements).map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      Principal: principals(statement.principals),
      NotPrincipal: principals(statement.notPrincipals),
      Action: oneOrMany(statement.actions),
      NotAction: oneOrMany(statement.notActions),
      Resource: oneOrMany(statement.resources),
      NotResource: oneOrMany(statement.notResources),
      Condition: conditions(statement.conditions),
    })),
  };
}

function principals(value: Value | undefined): object | string | undefined {
  const groups = lists(value);
  if (groups.length === 0) return undefined;
  const isAnyone = groups.some(({ type, identifiers }) => type === "*" && oneOrMany(identifiers) === "*");
  return isAnyone ? "*" : Object.fromEntries(groups.map(({ type, identifiers }) => [type, oneOrMany(identifiers)]));
}

function conditions(value: Value | undefined): object | undefined {
  const tests: Record<string, Record<string, Value | undefined>> = {};
  for (const { test, variable, values } of lists(value)) {
    tests[String(test)] = { ...tests[String(test)], [String(variable)]: oneOrMany(values) };
  }
  return Object.keys(tests).length > 0 ? tests : undefined;
}
