/** The tokens with which sensors speak for their sources. */

import { useState } from "preact/hooks";
import { t } from "../words/say";
import { AccessTable } from "./accounts-frame";
import { NewTokenDialog, RevokeDialog } from "./accounts-dialogs";
import type { Token, Tokens } from "./accounts-server";
import { Button } from "./parts/button";
import { ShortWhen } from "./parts/when";
import { whyNot } from "./parts/why-not";

type Open = { kind: "new" } | { kind: "revoke"; token: Token };

export function TokenTable({ told, onChange }: { told: Tokens; onChange: () => void }) {
  const [open, setOpen] = useState<Open | null>(null);
  const refused = whyNot("tokens.write");
  const done = { onChange, onClose: () => setOpen(null) };
  return (
    <div class="part">
      <div class="access-head">
        <h3 id="tokens-list">{t("tokens.title")}</h3>
        {told.sources.length === 0 ? null : (
          <Button reason={refused} onPress={() => setOpen({ kind: "new" })}>
            {t("tokens.new")}
          </Button>
        )}
      </div>
      <p class="soft">{t("tokens.text")}</p>
      {told.items.length === 0 ? (
        <p class="empty">{t(told.sources.length === 0 ? "tokens.no_sources" : "tokens.none")}</p>
      ) : (
        <Table tokens={told.items} refused={refused} onRevoke={(token) => setOpen({ kind: "revoke", token })} />
      )}
      {open?.kind === "new" ? <NewTokenDialog sources={told.sources} {...done} /> : null}
      {open?.kind === "revoke" ? <RevokeDialog token={open.token} {...done} /> : null}
    </div>
  );
}

interface TableProps {
  readonly tokens: readonly Token[];
  readonly refused: string | null;
  readonly onRevoke: (token: Token) => void;
}

function Table({ tokens, refused, onRevoke }: TableProps) {
  return (
    <AccessTable heading="tokens-list" columns={[t("tokens.source"), t("tokens.id"), t("tokens.made"), t("tokens.used")]} acts>
      {tokens.map((token) => (
        <tr key={token.token_id} data-token={token.token_id}>
          <th scope="row">{token.source}</th>
          <td>
            <code>{token.token_id}</code>
          </td>
          <td class="number">
            <ShortWhen ns={token.created_ns} seconds={false} />
          </td>
          <td class="number">
            {token.used_ns === 0 ? t("accounts.never") : <ShortWhen ns={token.used_ns} seconds={false} />}
          </td>
          <td class="access-last">
            <Button reason={refused} onPress={() => onRevoke(token)}>
              {t("tokens.revoke")} <span class="unseen">{token.token_id}</span>
            </Button>
          </td>
        </tr>
      ))}
    </AccessTable>
  );
}
