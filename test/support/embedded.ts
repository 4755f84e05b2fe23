/** PGlite compiles WebAssembly and runs initdb in it: four seconds on an idle machine, far more on a busy one. */
export const embeddedTimeoutMs = 180_000
