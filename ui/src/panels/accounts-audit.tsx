/** Who changed access, and when: the newest first, older lines on demand. */

import { useEffect, useState } from "preact/hooks";
import { link } from "../model/picture";
import { t } from "../words/say";
import { AccessTable } from "./accounts-frame";
import { auditText, auditWho } from "./accounts-rows";
import { accessFault, AUDIT_LINES, type AuditLine, firstAudit, olderAudit } from "./accounts-server";
import { useSending } from "./accounts-sending";
import { Button } from "./parts/button";
import { ShortWhen } from "./parts/when";
import { whyNoLink } from "./parts/why-not";

interface Known {
  readonly lines: readonly AuditLine[];
  readonly total: number;
}

/** Lines that came since stand before the known ones; where too many came, it begins anew. */
export function withNewer(known: Known, newest: readonly AuditLine[], total: number): Known {
  const came = total - known.total;
  if (known.lines.length === 0 || came < 0 || came >= newest.length) return { lines: newest, total };
  return { lines: [...newest.slice(0, came), ...known.lines], total };
}

export function Audit({ revision }: { revision: number }) {
  const [known, setKnown] = useState<Known>({ lines: [], total: -1 });
  const { sending, fault, send } = useSending(accessFault);
  const live = link.value.state === "live";
  useEffect(() => {
    if (!live) return;
    send(async () => {
      const page = await firstAudit();
      setKnown((old) => withNewer(old, page.items, page.total));
    });
  }, [revision, live]);
  const older = async (): Promise<void> => {
    const page = await olderAudit(known.lines.length);
    // What came in between moved the lines: skip those that are known already.
    const again = Math.max(0, page.total - known.total);
    setKnown({ lines: [...known.lines, ...page.items.slice(again)], total: known.total });
  };
  return (
    <div class="part">
      <h3 id="audit-list">{t("audit.title")}</h3>
      {fault}
      {known.lines.length === 0 ? <Nothing asking={known.total < 0} /> : <Lines lines={known.lines} />}
      {known.lines.length >= known.total ? (
        known.total > AUDIT_LINES ? <p class="soft">{t("audit.all", { n: known.total })}</p> : null
      ) : (
        <Button reason={whyNoLink() ?? (sending ? t("say.loading") : null)} onPress={() => send(older)}>
          {t("audit.older")}
        </Button>
      )}
    </div>
  );
}

function Nothing({ asking }: { asking: boolean }) {
  return asking ? <p class="soft">{t("say.loading")}</p> : <p class="empty">{t("audit.none")}</p>;
}

function Lines({ lines }: { lines: readonly AuditLine[] }) {
  return (
    <AccessTable heading="audit-list" columns={[t("audit.when"), t("audit.who"), t("audit.what"), t("audit.whom")]}>
      {lines.map((line, at) => (
        <tr key={`${lines.length - at}`}>
          <td class="number">
            <ShortWhen ns={line.time_ns} />
          </td>
          <td>{auditWho(line)}</td>
          <td>{auditText(line.what)}</td>
          <td>{line.whom === line.who ? "" : line.whom}</td>
        </tr>
      ))}
    </AccessTable>
  );
}
