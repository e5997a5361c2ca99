import { describe, expect, test } from "vitest";
import { ServerError } from "../model/server";
import { link, system, view } from "../model/picture";
import { withNewer } from "./accounts-audit";
import { lackOfAccount } from "./accounts-dialogs";
import { accountRows, auditText, auditWho, isName, lackOfRoles, waysOf, whyRolesStay, withRole } from "./accounts-rows";
import { accessFault, type Account, type AuditLine, type OpenLink } from "./accounts-server";
import { beginningOf, hasEnded, keepPassword } from "./entering";
import { proofAsked, ProofGivenUp, withProof } from "./proving";

const account = (name: string, more: Partial<Account> = {}): Account => ({
  name,
  roles: ["viewer"],
  clearance: "",
  created_ns: 1,
  disabled: false,
  password: true,
  passkeys: 0,
  provider: false,
  last_sign_in_ns: 0,
  sessions: 0,
  ...more,
});
const openLink = (name: string): OpenLink => ({ name, roles: ["operator"], clearance: "", ends_ns: 900 });
const line = (what: string, who = "ann"): AuditLine => ({ time_ns: 1, who, what, whom: "bob" });

describe("the accounts", () => {
  test("stand by name, then who has not opened the link, then the disabled", () => {
    const rows = accountRows(
      [account("bob", { disabled: true }), account("zoe"), account("ann")],
      [openLink("carl"), openLink("zoe")],
    );
    expect(rows.map((row) => row.name)).toEqual(["ann", "zoe", "carl", "bob"]);
    expect(rows.map((row) => row.linkEndsNs)).toEqual([0, 900, 900, 0]);
    expect(rows[2]?.account).toBeNull();
  });

  test("say every way in which they sign in, and that there is none", () => {
    view.value = { ...view.value, language: "en" };
    expect(waysOf(account("ann", { passkeys: 2 }))).toBe("password, 2 passkeys");
    expect(waysOf(account("ann", { password: false }))).toBe("nothing yet");
  });

  test("have the names that the server takes", () => {
    expect(["j.kazlauskas", "A", "a-b_c", "a".repeat(40)].every(isName)).toBe(true);
    expect(["", "1a", "a b", "žydrė", "a@oidc", "a".repeat(41), "a\n"].some(isName)).toBe(false);
  });
});

describe("roles", () => {
  test("add up, except that a partner has no other", () => {
    expect(withRole(["viewer"], "planner", true)).toEqual(["viewer", "planner"]);
    expect(withRole(["viewer", "planner"], "partner", true)).toEqual(["partner"]);
    expect(withRole(["partner"], "viewer", true)).toEqual(["viewer"]);
    expect(withRole(["viewer", "planner"], "viewer", false)).toEqual(["planner"]);
  });
});

describe("changing roles", () => {
  test("is for the own side's accounts, which have their roles from here", () => {
    expect(whyRolesStay(account("ann"))).toBeNull();
    expect(whyRolesStay(account("ann", { disabled: true }))).toBeNull();
    expect(whyRolesStay(account("ona@oidc", { provider: true }))).toContain("identity provider");
    expect(whyRolesStay(account("lva", { roles: ["partner"], clearance: "LVA" }))).toContain("partner");
  });

  test("needs a role, and another choice than what is there", () => {
    expect(lackOfRoles(["viewer"], [])).toContain("At least one");
    expect(lackOfRoles(["viewer", "planner"], ["planner", "viewer"])).toContain("already");
    expect(lackOfRoles(["viewer"], ["planner"])).toBeNull();
    expect(lackOfRoles(["viewer"], ["viewer", "planner"])).toBeNull();
    expect(lackOfRoles(["viewer", "planner"], ["viewer"])).toBeNull();
  });
});

describe("a new account", () => {
  test("needs a name, a role, and of a partner its code", () => {
    expect(lackOfAccount("", ["viewer"], null)).toContain("name");
    expect(lackOfAccount("bob", [], null)).toContain("role");
    expect(lackOfAccount("lva", ["partner"], "")).toContain("code");
    expect(lackOfAccount("lva", ["partner"], "LVA")).toBeNull();
    expect(lackOfAccount("bob", ["viewer"], null)).toBeNull();
  });
});

describe("the audit", () => {
  const said = [
    "one-time link made",
    "account made: search_leader viewer",
    "roles are now: ",
    "session opened by oidc",
    "token 3f9a01bc made",
    "token 3f9a01bc revoked",
    "account disabled",
    "account enabled",
    "signed out",
    "proven afresh",
    "password set",
    "passkey added",
  ];

  test("speaks the reader's language, whatever the server wrote", () => {
    view.value = { ...view.value, language: "lt" };
    for (const what of said) expect(auditText(what), what).not.toBe(what);
    view.value = { ...view.value, language: "en" };
    expect(auditText("account made: search_leader viewer")).toBe("account made: search leader, viewer");
    expect(auditText("roles are now: ")).toBe("roles are now: —");
    expect(auditText("something new")).toBe("something new");
    expect(auditText("session opened by magic")).toBe("session opened by magic");
  });

  test("names an account as it is, and whoever holds the state folder in words", () => {
    view.value = { ...view.value, language: "lt" };
    expect(auditWho(line("x", "command line"))).toBe("komandų eilutė");
    expect(auditWho(line("x", "signed out"))).toBe("signed out");
    view.value = { ...view.value, language: "en" };
  });

  test("puts what came since before what is known, and misses nothing", () => {
    const lines = ["e", "d", "c", "b", "a"].map((what) => line(what));
    const known = { lines: lines.slice(2), total: 3 };
    expect(withNewer(known, lines.slice(0, 3), 5)).toEqual({ lines, total: 5 });
    expect(withNewer(known, lines.slice(2), 3)).toEqual(known);
    const many = lines.slice(0, 2); // more came than a page holds: it begins anew
    expect(withNewer(known, many, 5)).toEqual({ lines: many, total: 5 });
  });
});

describe("an act that needs a proof", () => {
  const refused = new ServerError(403, "fresh proof", "step_up");
  const once = (): (() => Promise<string>) => {
    let proven = false;
    return async () => {
      if (proven) return "done";
      proven = true;
      throw refused;
    };
  };

  test("goes on by itself once the proof is given", async () => {
    const act = withProof(once());
    await expect.poll(() => proofAsked.value).not.toBeNull();
    proofAsked.value?.given();
    expect(await act).toBe("done");
    expect(proofAsked.value).toBeNull();
  });

  test("is not done when the question is closed", async () => {
    const act = withProof(once()).catch((error: unknown) => error);
    await expect.poll(() => proofAsked.value).not.toBeNull();
    proofAsked.value?.givenUp();
    expect(await act).toBeInstanceOf(ProofGivenUp);
    expect(proofAsked.value).toBeNull();
  });

  test("is refused for good where a proof would not help", async () => {
    const never = withProof(() => Promise.reject(new ServerError(403, "it needs 'accounts.write'")));
    await expect(never).rejects.toThrow("accounts.write");
    expect(proofAsked.value).toBeNull();
  });
});

describe("what goes wrong", () => {
  test("is said in words: too often, too busy, gone, taken, the last one", () => {
    expect(accessFault(new ServerError(429, "", "", 7))).toContain("7 seconds");
    expect(accessFault(new ServerError(503, "", "storage_full"))).toContain("nothing was changed");
    expect(accessFault(new ServerError(0, ""))).toContain("not known");
    expect(accessFault(new ServerError(0, "", "unsent"))).toContain("nothing was sent");
    expect(accessFault(new ServerError(404, ""))).toContain("not there any more");
    expect(accessFault(new ServerError(409, "There is an account 'bob' already."))).toContain("another name");
    expect(accessFault(new ServerError(409, "'bob' is the last administrator who can sign in."))).toContain("nobody");
    expect(accessFault(new ServerError(409, "The account 'bob' is not disabled."))).toContain("enabled already");
    expect(accessFault(new ServerError(409, "The account 'bob' is disabled."))).toContain("no link");
    expect(accessFault(new ServerError(409, "A partner has that one role, which"))).toContain("another account");
    const theirs = "The account 'o@oidc' gets its roles from the identity provider at each sign-in.";
    expect(accessFault(new ServerError(409, theirs))).toContain("groups there");
    expect(accessFault(new ServerError(409, "Some other conflict."))).toContain("Some other conflict.");
    expect(accessFault(new ServerError(403, "That is not the right proof.", "proof"))).toContain("not your password");
    expect(accessFault(new ProofGivenUp())).toContain("Nothing was changed");
  });
});

describe("a session that has ended", () => {
  const signedOut = { state: "signed_out" as const, sinceMs: 0, frozenAtNs: null };

  test("is said to whoever had one, and not to whoever never signed in", () => {
    link.value = signedOut;
    system.value = null;
    expect(hasEnded()).toBe(false);
    system.value = {} as NonNullable<typeof system.value>; // the picture was there
    expect(hasEnded()).toBe(true);
    link.value = { ...signedOut, state: "live" };
    expect(hasEnded()).toBe(false);
    system.value = null;
  });
});

describe("coming by a link", () => {
  const who = {
    name: "bob",
    role: "viewer",
    clearance: "",
    permissions: [],
    kind: "person" as const,
    step_up_until_ns: 0,
    link_until_ns: 900e9,
    has_credential: true,
    demo: false,
  };

  test("asks for a password first of all: of the first one, the invited, and who forgot it", () => {
    expect(beginningOf({ ...who, has_credential: false })).toBe("invited");
    expect(beginningOf({ ...who, has_credential: false, demo: true })).toBe("invited");
    expect(beginningOf({ ...who, has_credential: false, name: "admin" })).toBe("first");
    expect(beginningOf(who, 899_000)).toBe("forgotten");
  });

  test("leads to the picture when the password is kept, and when the link is over", () => {
    expect(beginningOf(who, 901_000)).toBeNull();
    expect(beginningOf({ ...who, kind: "demo", has_credential: false })).toBeNull();
    keepPassword(who);
    expect(beginningOf(who, 899_000)).toBeNull();
    expect(beginningOf({ ...who, link_until_ns: 901e9 }, 899_000)).toBe("forgotten"); // another link asks again
  });
});
