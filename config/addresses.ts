/** Address ranges that components write into network policies and policies judge. IPv4, CIDR. */

/** Instance metadata and the like. */
export const LINK_LOCAL = "169.254.0.0/16";

/** Networks of companies, clouds and clusters: no address on the internet is in them. */
export const PRIVATE_NETWORKS = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/** The one address at which EKS hands a pod the credentials of its role. */
export const POD_IDENTITY = "169.254.170.23/32";
