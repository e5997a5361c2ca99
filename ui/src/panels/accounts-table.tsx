/** The accounts, and the links that nobody has opened yet. */

import { useState } from "preact/hooks";
import { session } from "../model/picture";
import { t } from "../words/say";
import { AccessTable } from "./accounts-frame";
import { AnotherLinkDialog, DisableDialog, EnableDialog, NewAccountDialog } from "./accounts-dialogs";
import { RolesDialog } from "./accounts-roles";
import { type AccountRow, accountRows, rolesText, waysOf, whyRolesStay } from "./accounts-rows";
import type { Account, Accounts } from "./accounts-server";
import { Button } from "./parts/button";
import { timeText } from "./parts/shown";
import { ShortWhen } from "./parts/when";
import { whyNot } from "./parts/why-not";

type Open = { kind: "new" } | { kind: "link"; name: string } | { kind: "disable" | "enable" | "roles"; account: Account };

interface TableProps {
  readonly told: Accounts;
  readonly onChange: () => void;
}

export function AccountTable({ told, onChange }: TableProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const rows = accountRows(told.items, told.links);
  const refused = whyNot("accounts.write");
  const done = { onChange, onClose: () => setOpen(null) };
  return (
    <div class="part">
      <div class="access-head">
        <h3 id="accounts-list">{t("accounts.list")}</h3>
        <Button class="act act-first" reason={refused} onPress={() => setOpen({ kind: "new" })}>
          {t("accounts.new")}
        </Button>
      </div>
      {rows.length === 0 ? <p class="empty">{t("accounts.none")}</p> : <Table rows={rows} onOpen={setOpen} />}
      {open?.kind === "new" ? <NewAccountDialog partners={told.partners} {...done} /> : null}
      {open?.kind === "link" ? <AnotherLinkDialog name={open.name} {...done} /> : null}
      {open?.kind === "disable" ? <DisableDialog account={open.account} {...done} /> : null}
      {open?.kind === "enable" ? <EnableDialog account={open.account} {...done} /> : null}
      {open?.kind === "roles" ? <RolesDialog account={open.account} {...done} /> : null}
    </div>
  );
}

function Table({ rows, onOpen }: { rows: readonly AccountRow[]; onOpen: (open: Open) => void }) {
  return (
    <AccessTable
      heading="accounts-list"
      columns={(["name", "roles", "partner", "ways", "last", "state"] as const).map((one) => t(`accounts.${one}`))}
      acts
    >
      {rows.map((row) => (
        <Row key={row.name} row={row} onOpen={onOpen} />
      ))}
    </AccessTable>
  );
}

function Row({ row, onOpen }: { row: AccountRow; onOpen: (open: Open) => void }) {
  const { account } = row;
  const mine = row.name === session.value?.name;
  return (
    <tr data-account={row.name} data-disabled={account?.disabled || undefined}>
      <th scope="row">
        {row.name}
        {mine ? <small class="soft"> ({t("accounts.you")})</small> : null}
      </th>
      <td>{rolesText(row.roles)}</td>
      <td>{row.partner === "" ? "—" : row.partner}</td>
      <td>{account === null ? "—" : waysOf(account)}</td>
      <td class="number">
        {account === null || account.last_sign_in_ns === 0 ? (
          t("accounts.never")
        ) : (
          <ShortWhen ns={account.last_sign_in_ns} seconds={false} />
        )}
      </td>
      <td>
        <State row={row} />
      </td>
      <td class="access-last">
        <RowActs row={row} mine={mine} onOpen={onOpen} />
      </td>
    </tr>
  );
}

function State({ row }: { row: AccountRow }) {
  const { account } = row;
  const waiting = row.linkEndsNs === 0 ? "" : t("accounts.waiting", { time: timeText(row.linkEndsNs, false) });
  if (account === null) return <span>{waiting}</span>;
  if (account.disabled) return <strong class="bad">{t("accounts.disabled")}</strong>;
  return (
    <>
      {account.sessions === 0 ? t("accounts.active") : t("accounts.sessions", { n: account.sessions })}
      {waiting === "" ? null : <small class="soft access-line">{waiting}</small>}
    </>
  );
}

interface ActsProps {
  readonly row: AccountRow;
  readonly mine: boolean;
  readonly onOpen: (open: Open) => void;
}

function RowActs({ row, mine, onOpen }: ActsProps) {
  const { account, name } = row;
  if (account === null) return null;
  const refused = whyNot("accounts.write");
  return (
    <span class="access-acts">
      {account.provider || account.disabled ? null : (
        <Button reason={refused} onPress={() => onOpen({ kind: "link", name })}>
          {t("accounts.link")} <span class="unseen">{name}</span>
        </Button>
      )}
      <Button reason={refused ?? whyRolesStay(account)} onPress={() => onOpen({ kind: "roles", account })}>
        {t("accounts.roles")} <span class="unseen">{name}</span>
      </Button>
      {account.disabled ? (
        <Button reason={refused} onPress={() => onOpen({ kind: "enable", account })}>
          {t("accounts.enable")} <span class="unseen">{name}</span>
        </Button>
      ) : (
        <Button
          reason={refused ?? (mine ? t("accounts.disable.self") : null)}
          onPress={() => onOpen({ kind: "disable", account })}
        >
          {t("accounts.disable")} <span class="unseen">{name}</span>
        </Button>
      )}
    </span>
  );
}
