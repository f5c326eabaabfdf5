// What the console asks of the service.

import { call } from "../api.js";

const RUNNING = { patience: 120_000 }; // all labelled tests may be run before the answer comes
const matching = (version) => ({ headers: { "If-Match": `"${version}"` } });
const at = (id) => encodeURIComponent(id);

export const listEntries = (params, signal) => call("GET", `/v1/entries?${new URLSearchParams(params)}`, undefined, { signal });
export const readEntry = (id) => call("GET", `/v1/entries/${at(id)}`);
export const actOn = (ids, action, more = {}) => call("POST", "/v1/entries/bulk", { ids, action, ...more }, RUNNING);
export const checkDraft = (draft, signal) => call("POST", "/v1/entries/check", { draft }, { signal });
export const tryMessage = (body, signal) => call("POST", "/v1/test-bench", body, { signal });
export const readFields = async () => (await call("GET", "/v1/answers/fields")).fields;
export const previewAnswers = (body, signal) => call("POST", "/v1/answers/preview", body, { signal });

export const listProposals = (params) => call("GET", `/v1/proposals?${new URLSearchParams(params)}`);
export const readProposal = (id) => call("GET", `/v1/proposals/${id}`);
export const dropProposal = ({ id, version }) => call("DELETE", `/v1/proposals/${id}`, undefined, matching(version));
export const submitProposal = ({ id, version }) => call("POST", `/v1/proposals/${id}/submit`, {}, matching(version));
export const returnProposal = ({ id, version }, comment) =>
  call("POST", `/v1/proposals/${id}/return`, { comment }, matching(version));
export const testProposal = ({ id, version }) =>
  call("POST", `/v1/proposals/${id}/test`, {}, { ...matching(version), ...RUNNING });
export const publishProposal = ({ id, version }, override_reason = null) =>
  call("POST", `/v1/proposals/${id}/publish`, { override_reason }, { ...matching(version), ...RUNNING });

/** Keeps a draft: a new proposal, or new words for the one that there is. */
export function saveProposal(proposal, text) {
  return proposal
    ? call("PUT", `/v1/proposals/${proposal.id}`, text, matching(proposal.version))
    : call("POST", "/v1/proposals", text);
}

export const readVersions = async (id) => (await call("GET", `/v1/entries/${at(id)}/versions`)).versions;
export const rollBack = (id, version, current) =>
  call("POST", `/v1/entries/${at(id)}/rollback`, { version }, matching(current));

export const listTests = async (shop) => (await call("GET", `/v1/tests?${new URLSearchParams({ shop_id: shop })}`)).tests;
export const readTest = async (id, shop) => (await listTests(shop)).find((test) => String(test.id) === id);
export const addTest = (test) => call("POST", "/v1/tests", test);
export const dropTest = (id) => call("DELETE", `/v1/tests/${id}`);
export const runTests = (shop) => call("POST", `/v1/tests/run?${new URLSearchParams({ shop_id: shop })}`, {}, RUNNING);
export const readClusters = (params) => call("GET", `/v1/clusters?${new URLSearchParams(params)}`, undefined, RUNNING);
export const readBriefing = (params) => call("GET", `/v1/briefing?${new URLSearchParams(params)}`);
export const readPeriods = async (shop) => (await call("GET", `/v1/shops/${at(shop)}/periods`)).periods;
export const savePeriods = (shop, periods) => call("PUT", `/v1/shops/${at(shop)}/periods`, { periods });
