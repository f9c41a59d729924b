// The fake's people: who has a passphrase, the recovery key, a PIN.
import type { PeopleView } from "../../generated/PeopleView";
import { strengthOf } from "../../parts/passphrase";
import type { Host } from "../host";
import { refuse } from "./refuse";
import type { World } from "./world";

/** Keys of nobody: each opens nothing. */
export const KEYS = [
  {
    identity: "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
    recipient: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
  },
  {
    identity: "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
    recipient: "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef",
  },
] as const;

export interface PeopleWorld {
  view: PeopleView;
  pin: string | null;
  pinTries: number;
}

export function peopleOf(): PeopleWorld {
  return {
    view: {
      people: [
        { id: "person-1", name: "Amara Osei", role: "operator", is_you: true },
        { id: "person-2", name: "Nadia Karim", role: "operator", is_you: false },
        { id: "person-3", name: "Tomás Herrera", role: "supervisor", is_you: false },
      ],
      recovery: KEYS[0].recipient,
      pin: false,
    },
    pin: null,
    pinTries: 0,
  };
}

export function people(world: World) {
  const confirm = (passphrase: string): void => {
    if (passphrase !== world.passphrase) refuse("wrong_passphrase");
  };
  const put = (view: Partial<PeopleView>): PeopleView =>
    (world.people.view = { ...world.people.view, ...view });
  return {
    passphraseJudge: async (passphrase) => strengthOf(passphrase),
    recoverySuggest: async () => KEYS[world.calls.push("recoverySuggest") % KEYS.length] ?? KEYS[0],
    vaultRecover: async (request) => {
      if (!/^AGE-SECRET-KEY-1/i.test(request.identity.trim()))
        refuse("bad_recovery_key", { path: "identity" });
      if (request.passphrase.length < 12) refuse("weak_passphrase", { path: "passphrase" });
      world.passphrase = request.passphrase;
      const dropped = world.people.view.people
        .map((person) => person.name)
        .filter((name) => name !== request.operator);
      put({
        people: [{ id: "person-9", name: request.operator, role: "operator", is_you: true }],
      });
      world.app = {
        ...world.app,
        phase: "open",
        operator: request.operator,
        locked_ms: null,
        lock_reason: null,
      };
      return { app: world.app, dropped };
    },
    pinUnlock: async (pin) => {
      if (world.people.pin === null) refuse("no_pin");
      if (pin !== world.people.pin) {
        world.people.pinTries += 1;
        if (world.people.pinTries > 2) {
          world.people.pin = null;
          refuse("no_pin");
        }
        refuse("wrong_pin", { detail: String(3 - world.people.pinTries) });
      }
      world.app = { ...world.app, phase: "open", locked_ms: null, lock_reason: null };
      return world.app;
    },
    peopleShow: async () => world.people.view,
    personAdd: async (request) => {
      const taken = world.people.view.people.some((person) => person.name === request.name);
      if (taken) refuse("name_taken", { path: "name" });
      confirm(request.confirm);
      const id = `person-${world.people.view.people.length + 1}`;
      const person = { id, name: request.name, role: request.role, is_you: false };
      return put({ people: [...world.people.view.people, person] });
    },
    personRemove: async (request) => {
      confirm(request.confirm);
      return put({ people: world.people.view.people.filter((p) => p.id !== request.id) });
    },
    passphraseChange: async (request) => {
      confirm(request.old);
      world.passphrase = request.new;
      return world.people.view;
    },
    recoveryChange: async (request) => {
      confirm(request.confirm);
      return put({ recovery: request.recipient });
    },
    pinSet: async (request) => {
      if (request.pin !== "") confirm(request.confirm);
      world.people.pin = request.pin || null;
      world.people.pinTries = 0;
      world.app = { ...world.app, pin: request.pin !== "" };
      return put({ pin: request.pin !== "" });
    },
  } satisfies Partial<Host>;
}
