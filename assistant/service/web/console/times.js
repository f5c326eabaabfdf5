// Moments between the service (RFC 3339) and the fields of a form (local time without a zone).

/** A moment as an <input type="datetime-local"> shows it. */
export function toLocal(moment) {
  if (!moment) return "";
  const time = new Date(moment);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The moment that such a field names, with this browser's zone; null when it is empty. */
export function fromLocal(text) {
  if (!text) return null;
  const offset = -new Date(text).getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  return `${text.length === 16 ? `${text}:00` : text}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

/** Midnight so many days from today, as such a field shows it. */
export function localDay(days, hour = 0) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  day.setHours(hour, 0, 0, 0);
  return toLocal(day);
}
