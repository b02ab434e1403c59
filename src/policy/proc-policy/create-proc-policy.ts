import { DirichletProcPolicy } from "./dirichlet.js";
import { ExtremeProcPolicy } from "./extreme.js";
import { MildProcPolicy } from "./mild.js";
import type { ProcPolicy } from "./proc-policy.js";

/** `procPolicy` and its parameters, as src/policy/random-params.ts reads them. */
export interface ProcPolicyParams {
  readonly procPolicy: "mild" | "extreme" | "dirichlet";
  readonly "procPolicyParam.useBatch": boolean;
  readonly "procPolicyParam.prioritized": number;
  readonly "procPolicyParam.resetProbability": number;
}

export function createProcPolicy(params: ProcPolicyParams, cpuCount: number): ProcPolicy {
  switch (params.procPolicy) {
    case "mild":
      return new MildProcPolicy(params["procPolicyParam.useBatch"]);
    case "extreme":
      return new ExtremeProcPolicy(params["procPolicyParam.prioritized"]);
    case "dirichlet":
      return new DirichletProcPolicy(params["procPolicyParam.resetProbability"], cpuCount);
  }
}
