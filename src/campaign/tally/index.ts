/**
 * What a campaign says so far: lines go in, one by one, and rates, groups of failures and the comparison of both arms come
 * out at any time. Memory depends on how many different things fail, each bounded, and not on how many runs there were.
 */
export * from "./arm-tally.js";
export * from "./campaign-tally.js";
export * from "./comparison.js";
export * from "./failure-groups.js";
export * from "./rate-interval.js";
export * from "./test-rates.js";
