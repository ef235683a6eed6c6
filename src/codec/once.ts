// A thing that is made when it is first used.

/** Gives what `make` gives, which is called once: most programs only read or only write, and the start of a command line is waited for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined
  return () => {
    made ??= { it: make() }
    return made.it
  }
}
