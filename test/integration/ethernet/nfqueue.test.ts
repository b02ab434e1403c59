import { requires } from "../../helpers/requires.js";
import { packetFaultsSuite } from "./faults-suite.js";
import { ethernetSuite } from "./suite.js";

requires("root", "nfqueue", "nfqueue-v6", "ip", "package:nfqueue");

ethernetSuite("nfqueue");
packetFaultsSuite("nfqueue");
