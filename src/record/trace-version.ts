/** The first line's `nmzTrace`. Since 2: `n`, `arrived`, `fault`, and the threads of `attrs`. */
export const traceVersion = 2;
