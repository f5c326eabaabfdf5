// What the 千牛 client puts into the page of an H5 plug-in. `window.qianniuIsOld`: only the older entry is there.
(() => {
  const inserted = (window.inserted = []);
  const listeners = {};
  let open = { uid: "cntaobao小鱼儿", securityUID: "RAzN8BQy", bizDomain: "taobao" };
  const commands = {
    getActiveUser: () => open,
    insertText2Inputbox: (given) => { inserted.push(given); return true; },
  };
  const answer = (name, given, { success, error }) => {
    if (commands[name]) setTimeout(() => success?.(commands[name](given)), 5);
    else error?.("no such command");
  };
  window.QN = {
    wangwang: { invoke: (call) => answer(call.cmd, { old: true, ...call.param }, call) },
    event: { regEvent: ({ eventId, notify, success }) => { listeners[eventId] = notify; success?.(eventId); } },
  };
  if (!window.qianniuIsOld) window.QN.app = { invoke: (call) => answer(call.api, call.query, call) };
  window.openBuyer = (uid) => {
    open = { uid: `cntaobao${uid}`, securityUID: uid, bizDomain: "taobao" };
    listeners["wangwang.active_contact_changed"]?.(JSON.stringify({ newContact: uid }));
  };
})();
