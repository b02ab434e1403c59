const variable = "JAVA_TOOL_OPTIONS";

/**
 * The environment with `option` at the end of JAVA_TOOL_OPTIONS, which every JVM reads, those of build tools' forks too.
 * What the user gave (`own`) wins over what the image sets, as the engine would have it, and stays.
 */
export function withToolOption(
  own: readonly string[],
  image: readonly string[],
  option: string,
): readonly string[] {
  const isOurs = (each: string): boolean => each === variable || each.startsWith(`${variable}=`);
  const given = own.findLast(isOurs) ?? image.findLast(isOurs) ?? "";
  const value = given.slice(variable.length + 1).trim(); // `-e JAVA_TOOL_OPTIONS` alone takes the image's away
  return [...own.filter((each) => !isOurs(each)), `${variable}=${value === "" ? "" : `${value} `}${option}`];
}
