import { requires } from "../../helpers/requires.js";
import { ethernetSuite } from "./suite.js";

requires("root", "nfqueue", "nfqueue-v6", "ip", "package:nfqueue");

ethernetSuite("nfqueue");
