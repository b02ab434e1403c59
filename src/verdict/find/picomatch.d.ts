/** The part of picomatch that is used here; the package has no types. */
declare module "picomatch" {
  interface Picomatch {
    (globs: readonly string[], options?: { readonly dot?: boolean }): (path: string) => boolean;
    /** `base`: the part of a glob that is a path whatever matches, "" where there is none. */
    scan(glob: string): { readonly base: string; readonly isGlob: boolean };
  }
  const picomatch: Picomatch;
  export = picomatch;
}
