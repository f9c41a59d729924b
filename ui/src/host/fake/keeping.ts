import type { AccountRowView } from "../../generated/AccountRowView";
import type { AuditEntryView } from "../../generated/AuditEntryView";
import type { ForgetView } from "../../generated/ForgetView";
import type { RetentionView } from "../../generated/RetentionView";
import type { Host } from "../host";
import { accountOf, line } from "./accounts";
import type { KeepingCommands } from "./frame-commands";
import { moment, today } from "./moments";
import { refuse } from "./refuse";
import type { World } from "./world";

const CONSEQUENCES: Partial<Record<AccountRowView["group"], string>> = {
  verified: "verified",
  waiting: "taken_back",
  in_review: "with_provider",
  needs_you: "with_provider",
};

/** How long evidence is kept, and forgetting. */
export function fakeKeeping(world: World): Pick<Host, KeepingCommands> {
  const keeping = ["verified", "failed", "withdrawn"].map((state) => ({
    state,
    photos_h: 24 as number | null,
    details_h: 720 as number | null,
  }));
  const shown = (): RetentionView => ({
    keeping: keeping.map((each) => ({ ...each })),
    without_photos: world.rows.filter((row) => row.group === "verified").length,
    forgotten: world.rows.filter((row) => row.group === "forgotten").length,
  });
  const asked = (id: string): ForgetView => {
    const row = world.rows.find((each) => each.id === id) ?? refuse("unknown_account");
    return {
      account: row.id,
      remote_id: row.remote_id,
      photos: row.group === "not_started" ? 0 : 2,
      answers: row.group !== "not_started" && row.group !== "draft",
      draft: row.draft !== null,
      consequence: CONSEQUENCES[row.group] ?? "nothing_sent",
      not_now: row.line.code === "waiting_answer_lost" ? "in_flight" : null,
      queued: false,
    };
  };
  const forgotten = (row: AccountRowView): AccountRowView => ({
    ...row,
    name: row.remote_id,
    group: "forgotten",
    line: line("purged", {
      reason: CONSEQUENCES[row.group] ?? "not_started",
      at_ms: today(14, 30),
    }),
    action: null,
    draft: null,
    at_ms: today(14, 30),
  });
  const audit = [
    ["vault_created", null, null],
    ["connection_saved", "wepay", null],
    ["accounts_imported", "58", null],
    ["unlocked", "0", null],
    ["sealed", "1", "nadia"],
    ["retention_changed", "24/720 24/720 24/720", null],
    ["locked", "idle", null],
    ["unlocked", "2", null],
    ["revealed", null, "nadia"],
    ["exported", "2", "tide"],
  ] as const;
  const entries: AuditEntryView[] = audit.map(([event, detail, account], index) => ({
    seq: index + 1,
    at_ms: moment(29 + Math.floor(index / 4), 9, 9 + index, 12 + index),
    operator: index === 5 ? "Jonas Weber" : "Amara Osei",
    event,
    detail,
    account,
    account_name: world.rows.find((row) => row.id === account)?.name ?? null,
  }));
  const touched = world.scenario === "touched";
  return {
    auditList: async () => ({
      entries: [...entries].reverse(),
      total: entries.length,
      more: false,
      fault: touched ? "changed" : null,
      fault_at: touched ? entries.length + 1 : null,
    }),
    auditExport: async () => ({
      entries: entries.length + 1,
      link: "0",
      fault: null,
      fault_at: null,
      compared: true,
    }),
    retentionShow: async () => shown(),
    retentionSet: async (request) => {
      for (const changed of request.keeping) {
        const kept = keeping.find((each) => each.state === changed.state);
        Object.assign(kept ?? refuse("unknown_state"), changed);
      }
      return shown();
    },
    retentionRun: async () => ({ photos: 3, submissions: 1, accounts: 1 }),
    accountForgetAsk: async (id) => asked(id),
    accountForget: async (request) => {
      const view = asked(request.account);
      if (view.not_now && !request.when_settled) refuse(view.not_now);
      world.calls.push(`forget ${request.account}`);
      if (!view.not_now) {
        world.rows = world.rows.map((row) => (row.id === request.account ? forgotten(row) : row));
        const row = world.rows.find((each) => each.id === request.account);
        if (row) world.accounts.set(row.id, accountOf(row));
        world.tell();
      }
      return { ...view, queued: view.not_now !== null };
    },
  };
}
