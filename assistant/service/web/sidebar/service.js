// The part of the HTTP API that only the sidebar uses.

import { call } from "../api.js";

const of = (id) => `/v1/conversations/${encodeURIComponent(id)}`;
const query = (given) => {
  const pairs = Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
};

export const addMessages = (id, body) => call("POST", `${of(id)}/messages`, body);
export const readWaiting = (shop_id) => call("GET", `/v1/conversations${query({ shop_id, waiting: true })}`);

/** The response of server-sent events; it goes on for as long as `signal` allows. */
export const openEvents = (id, held, signal) => call(
  "GET", `${of(id)}/events${query(held)}`, undefined, { headers: { Accept: "text/event-stream" }, signal });

export const sendFeedback = (body) => call("POST", "/v1/feedback", body);
export const findPhrases = (body, signal) => call("POST", "/v1/phrases", body, { signal });

export const readHandovers = (given) => call("GET", `/v1/handovers${query(given)}`);
export const addHandover = (body) => call("POST", "/v1/handovers", body);
export const changeHandover = (id, body) => call("PUT", `/v1/handovers/${encodeURIComponent(id)}`, body);
export const exportHandovers = (given) => call("GET", `/v1/handovers/export${query(given)}`);
