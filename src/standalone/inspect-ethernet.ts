import { hasQueueRule } from "../../runtime/kernel/index.js";
import { type Inspector, startEthernetInspector } from "../inspector/index.js";
import { findNetns, type Netns } from "./ethernet/find-netns.js";
import { choosePackets, describePackets, type PacketFilter } from "./ethernet/packet-filter.js";
import {
  type AttachedInspector,
  type InspectorRequest,
  type InspectorSession,
  runInspector,
  type StandaloneIo,
} from "./run-inspector.js";

export interface EthernetRequest extends InspectorRequest {
  /** Undefined: the first free one from the config's on; only where rules are installed. */
  readonly queueNumber: number | undefined;
  /** A path, a name of ip-netns(8) or a pid; undefined: our own. */
  readonly netns: string | undefined;
  /** Which packets our rules lead to the queue; undefined: the user's rules do. */
  readonly install: PacketFilter | undefined;
}

/** `nmz inspectors ethernet` with NFQUEUE. Ends at a signal. */
export function inspectEthernet(request: EthernetRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "ethernet",
    needs: new Set(["ethernet"]),
    io,
    // The user's rules may drop what nobody takes from their queue, the wire's packets among it.
    isBeforeWire: request.install === undefined,
    attach: (session) => attach(request, session),
  });
}

async function attach(request: EthernetRequest, session: InspectorSession): Promise<AttachedInspector> {
  const netns = findNetns(request.netns);
  return request.install === undefined
    ? serveQueue(request, netns, session)
    : installRules(request, request.install, netns, session);
}

/** Namazu's way: the user leads packets to the queue. */
async function serveQueue(
  request: EthernetRequest,
  netns: Netns,
  session: InspectorSession,
): Promise<AttachedInspector> {
  const { ethernet, container } = session.wire.autopilot;
  const queueNumber = request.queueNumber ?? container.ethernetNFQNumber;
  const inspector = await start(request, netns, session, {
    queueNumber,
    isQueueNumberFixed: true,
    rules: "theirs",
    directions: ethernet.directions,
    match: [],
  });
  if (!(await hasQueueRule(netns.path, queueNumber))) {
    const rule = `-t mangle -A OUTPUT -j NFQUEUE --queue-num ${queueNumber} --queue-bypass`;
    session.say(`no rule leads packets to queue ${queueNumber} in ${netns.name} yet; for every packet sent:`);
    for (const program of ["iptables", "ip6tables"]) session.say(`  ${netns.prefix}${program} ${rule}`);
    session.say('take it away with the same words and -D for -A, or let "--install-rule" do both');
  }
  return { inspector, watches: `shaking the packets of queue ${queueNumber} in ${netns.name}` };
}

async function installRules(
  request: EthernetRequest,
  filter: PacketFilter,
  netns: Netns,
  session: InspectorSession,
): Promise<AttachedInspector> {
  const { ethernet, container } = session.wire.autopilot;
  const choice = choosePackets(filter, ethernet);
  const inspector = await start(request, netns, session, {
    ...choice,
    queueNumber: request.queueNumber ?? container.ethernetNFQNumber,
    isQueueNumberFixed: request.queueNumber !== undefined,
    rules: "ours",
    mayShakeHost: netns.isOwn,
  });
  const isEverything = netns.isOwn && choice.match.length === 0;
  const warning = isEverything ? ": whoever works over this network is shaken too" : "";
  return { inspector, watches: `shaking ${describePackets(choice)}, in ${netns.name}${warning}` };
}

type Choice = Pick<
  Parameters<typeof startEthernetInspector>[0],
  "queueNumber" | "isQueueNumberFixed" | "rules" | "directions" | "match" | "mayShakeHost"
>;

function start(
  { entity }: EthernetRequest,
  netns: Netns,
  { wire, undo, onError }: InspectorSession,
  choice: Choice,
): Promise<Inspector> {
  return startEthernetInspector({
    ...choice,
    netnsPath: netns.path,
    driver: wire.autopilot.ethernet.driver,
    exemptPeers: wire.peers,
    entity,
    transceiver: wire.transceiver,
    undo,
    onError,
  });
}
