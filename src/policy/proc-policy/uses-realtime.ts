/** True when the process policy in these parameters (`explorePolicyParam`) asks for real-time classes. */
export function usesRealtime(explorePolicyParam: Readonly<Record<string, unknown>>): boolean {
  const entry = Object.entries(explorePolicyParam).find(([key]) => key.toLowerCase() === "procpolicy");
  return entry?.[1] === "extreme";
}
