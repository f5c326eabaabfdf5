// The room of import and export, which has its own script.

import { mountImport } from "./import.js";

export const mount = (root) => mountImport(root);
