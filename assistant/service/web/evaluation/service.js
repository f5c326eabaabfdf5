// The part of the HTTP API that only the evaluation page uses.

import { call } from "../api.js";

const PATIENCE_MS = 60_000;
const of = (id) => `/v1/evaluations/${encodeURIComponent(id)}`;
const query = (given) => `?${new URLSearchParams(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))}`;

export const readRuns = (shop_id) => call("GET", `/v1/evaluations${query({ shop_id })}`);
export const startRun = (draft) => call("POST", "/v1/evaluations", draft, { patience: PATIENCE_MS });
export const removeRun = (id) => call("DELETE", of(id));
export const readComparison = (a, b) => call("GET", `/v1/evaluations/compare${query({ a, b })}`, undefined, { patience: PATIENCE_MS });
export const comparisonFile = (a, b, format) => `/v1/evaluations/compare/export${query({ a, b, format })}`;
export const reportPath = (id) => `${of(id)}/report`;
export const reportFile = (id) => `${of(id)}/report?download=true`;
export const resultFile = (id) => `${of(id)}/result`;
