// What import and export ask of the service.

import { call } from "../api.js";

const UPLOADING = { raw: true, patience: 180_000 };

export const uploadFile = (file, shop) =>
  call("POST", `/v1/imports?${new URLSearchParams({ filename: file.name, ...(shop && { shop_id: shop }) })}`, file, UPLOADING);

/** Begins to check ("check") or to import ("run"). */
export const beginImport = (id, step, options) => call("POST", `/v1/imports/${id}/${step}`, options);
export const dropImport = (id) => call("DELETE", `/v1/imports/${id}`);
export const readImport = (id, params = { limit: "50" }) => call("GET", `/v1/imports/${id}?${new URLSearchParams(params)}`);

export const failedRowsAddress = (id) => `/v1/imports/${id}/failed-rows`;
export const templateAddress = (format) => `/v1/imports/template?${new URLSearchParams({ format })}`;
export const exportAddress = (format, shop, shared) =>
  `/v1/entries/export?${new URLSearchParams({ format, shared: String(shared), ...(shop && { shop_id: shop }) })}`;
