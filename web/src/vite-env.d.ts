// Types of what Vite adds to a module.
/// <reference types="vite/client" />
