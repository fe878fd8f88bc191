/** Address ranges of the subnets of one zone. */
export interface ZoneCidrs {
  /** NAT gateways and public load balancers. */
  readonly public: string;
  /** Nodes and pods: eight times the size of the public one. */
  readonly private: string;
}

/** The network is cut into this many blocks whatever the number of zones, so that adding a zone moves no subnet. */
const BLOCKS_BITS = 3;
export const MAX_ZONES = 2 ** BLOCKS_BITS - 1;

/** Limits of AWS: the size of a VPC, and the smallest subnet a load balancer accepts. */
const LARGEST_VPC_BITS = 16;
const SMALLEST_SUBNET_BITS = 27;

/** Splits the range of a VPC. Block `n` is the private subnet of zone `n`; the last block holds the public subnets. */
export function subnetCidrs(vpcCidr: string, zones: number): readonly ZoneCidrs[] {
  const [start, bits] = parseCidr(vpcCidr);
  const smallestVpcBits = SMALLEST_SUBNET_BITS - 2 * BLOCKS_BITS;
  if (bits < LARGEST_VPC_BITS || bits > smallestVpcBits) {
    throw new Error(`VPC range ${vpcCidr} has the wrong size; use /${LARGEST_VPC_BITS} to /${smallestVpcBits}`);
  }
  if (!Number.isInteger(zones) || zones < 1 || zones > MAX_ZONES) {
    throw new Error(`cannot lay out ${zones} zones; use 1 to ${MAX_ZONES}`);
  }
  const block = (of: number, ofBits: number, index: number) => of + index * 2 ** (32 - ofBits - BLOCKS_BITS);
  const publicBlock = block(start, bits, MAX_ZONES);
  return Array.from({ length: zones }, (_, zone) => ({
    public: formatCidr(block(publicBlock, bits + BLOCKS_BITS, zone), bits + 2 * BLOCKS_BITS),
    private: formatCidr(block(start, bits, zone), bits + BLOCKS_BITS),
  }));
}

function parseCidr(cidr: string): readonly [start: number, bits: number] {
  if (!/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(cidr)) throw new Error(`"${cidr}" is no range such as 10.40.0.0/16`);
  const [address = "", size = ""] = cidr.split("/");
  const start = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const bits = Number(size);
  const first = start - (start % 2 ** (32 - bits));
  if (first !== start) throw new Error(`range ${cidr} starts inside itself; use ${formatCidr(first, bits)}`);
  return [start, bits];
}

const formatCidr = (start: number, bits: number): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${bits}`;
