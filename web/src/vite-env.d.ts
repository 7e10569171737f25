// Types of what Vite adds to a module.
/// <reference types="vite/client" />

/** See protocolNames in vite.config.ts. */
declare module 'virtual:protocol-names' {
  export const protocolNames: Record<string, string>;
}
