/**
 * True when the process policy in these parameters (`explorePolicyParam`) asks for real-time classes; `mix` has it in
 * the table of a part.
 */
export function usesRealtime(explorePolicyParam: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(explorePolicyParam).some(([key, value]) =>
    typeof value === "object" && value !== null
      ? usesRealtime(value as Readonly<Record<string, unknown>>)
      : key.toLowerCase() === "procpolicy" && value === "extreme",
  );
}
