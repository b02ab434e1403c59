/** The message of a failure that has none: a segmentation fault below ctest, a bare "not ok". */
export const silentFailure = "failed without a message";
