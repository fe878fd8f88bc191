import { describe, expect, it } from "vitest";
import { envoyConfig } from "../../../bench/gateway/envoy-config.ts";
import { gatewayGroups } from "../../../components/gateway/groups.ts";
import { apiOnly, hybrid } from "../../components/gateway/plans.ts";

const addresses = {
  qwen: "http://127.0.0.1:8001/v1",
  small: "http://127.0.0.1:8002/v1",
  openai: "http://127.0.0.1:9001/v1",
  anthropic: "http://127.0.0.1:9002/v1",
};
const ports = { port: 4000, adminPort: 4001 };

describe("groups of the gateway in Envoy's words", () => {
  const config = JSON.stringify(envoyConfig({ groups: gatewayGroups(hybrid), addresses, ...ports }));
  const { static_resources } = JSON.parse(config);
  const [{ filter_chains }] = static_resources.listeners;
  const [{ filters }] = filter_chains;
  const routes = filters[0].typed_config.route_config.virtual_hosts[0].routes;

  it("has a route for every model name clients may use", () => {
    const names = routes.map(
      (route: { match: { headers: { string_match: { exact: string } }[] } }) =>
        route.match.headers[0]?.string_match.exact,
    );
    expect(names).toEqual(gatewayGroups(hybrid).map(({ name }) => name));
  });

  it("tries the levels of a group in their order, each once", () => {
    const { route } = routes[0];
    const levels = route.inline_cluster_specifier_plugin.extension.typed_config.priority_groups.map(
      ({ clusters }: { clusters: { cluster_name: string }[] }) => clusters.map(({ cluster_name }) => cluster_name),
    );
    const [group] = gatewayGroups(hybrid);
    expect(levels).toEqual(group?.levels.map((level) => level.map(({ id }) => id)));
    expect(route.retry_policy.num_retries).toBe(levels.length - 1);
  });

  it("has every target once, at its address", () => {
    const names = static_resources.clusters.map(({ name }: { name: string }) => name);
    expect(new Set(names)).toEqual(
      new Set(gatewayGroups(hybrid).flatMap(({ levels }) => levels.flat().map(({ id }) => id))),
    );
    expect(names).toHaveLength(new Set(names).size);
    const own = static_resources.clusters.find(({ name }: { name: string }) => name === "support-chat-on-qwen");
    expect(own.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value).toBe(8001);
    expect(own.circuit_breakers.thresholds[0].max_requests).toBe(320);
  });

  it("refuses a target without an address", () => {
    const groups = gatewayGroups(apiOnly);
    expect(() => envoyConfig({ groups, addresses, ...ports })).toThrow('no address of "google"');
  });
});
