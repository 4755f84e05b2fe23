/** Where `package.json` lies. The modules of the built package lie as deep as this file does, however they are joined. */
export const packageRoot: URL = new URL('../../', import.meta.url)
