/** All tracks as a table: for who wants numbers, and where there is no WebGL. */

import { useState } from "preact/hooks";
import { selection, tracks, type Tracks, view } from "../model/picture";
import { useRoving } from "../keys/roving";
import { formatCourse } from "../units/quantities";
import { formatPercent } from "../units/numbers";
import { t } from "../words/say";
import { LevelShape } from "./parts/level";
import { bareHeightText, distanceText, durationText, profile, speedText } from "./parts/shown";
import { openTrack } from "./parts/go";
import { Stale } from "./parts/stale";
import { factsOfRow } from "./track-facts";
import { shortId, shownRows, type SortKey, trackIdOf } from "./track-rows";
import "./tracks.css";

const COLUMNS: readonly SortKey[] = ["existence", "height", "speed", "course", "border", "age", "state"];
const WORDS = {
  urgency: "column.urgency",
  state: "column.state",
  existence: "column.real",
  height: "column.height",
  speed: "column.speed",
  course: "column.course",
  border: "column.border",
  age: "column.age",
} as const;
/** Columns in which large is what one looks for first. */
const DOWN_FIRST: ReadonlySet<SortKey> = new Set<SortKey>(["existence", "speed", "height"]);

export function TrackTable() {
  const [sort, setSort] = useState<{ key: SortKey; down: boolean }>({ key: "urgency", down: false });
  const frame = tracks.value;
  const shown = frame === null ? null : shownRows(frame, view.value.filters, sort);
  return (
    <section class="panel tracks" aria-label={t("tracks.title")}>
      <h2 class="unseen">{t("tracks.title")}</h2>
      <Stale />
      {frame === null || shown === null ? (
        <p class="empty">{t("tracks.none_yet")}</p>
      ) : shown.shown === 0 ? (
        <div class="empty">
          <p>{shown.all === 0 ? t("tracks.none") : t("tracks.none_filtered", { n: shown.all })}</p>
        </div>
      ) : (
        <Rows frame={frame} rows={shown.rows} sort={sort} onSort={setSort} />
      )}
      {shown === null ? null : (
        <p class="soft">
          {t("tracks.count", { shown: shown.shown, all: shown.all })}
          {shown.shown > shown.rows.length
            ? ` · ${t("tracks.cut", { n: shown.shown - shown.rows.length })}`
            : ""}
        </p>
      )}
    </section>
  );
}

interface RowsProps {
  readonly frame: Tracks;
  readonly rows: readonly number[];
  readonly sort: { readonly key: SortKey; readonly down: boolean };
  readonly onSort: (sort: { key: SortKey; down: boolean }) => void;
}

function Rows({ frame, rows, sort, onSort }: RowsProps) {
  const ids = rows.map((row) => trackIdOf(frame, row));
  const roving = useRoving(ids);
  return (
    <div class="table-scroll" tabIndex={-1}>
      <table class="track-table" onKeyDown={roving.onKeyDown}>
        <caption class="unseen">{t("tracks.list")}</caption>
        <thead>
          <tr>
            <SortHead column="urgency" word={t("column.track")} sort={sort} onSort={onSort} />
            {COLUMNS.map((column) => (
              <SortHead key={column} column={column} word={t(WORDS[column])} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody
          ref={(body) => {
            roving.list.current = body;
          }}
        >
          {rows.map((row, i) => (
            <TrackRow key={ids[i]} frame={frame} row={row} id={ids[i] ?? ""} stop={roving.row(ids[i] ?? "")} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly column: SortKey;
  readonly word: string;
  readonly sort: { readonly key: SortKey; readonly down: boolean };
  readonly onSort: (sort: { key: SortKey; down: boolean }) => void;
}

function SortHead({ column, word, sort, onSort }: HeadProps) {
  const on = sort.key === column;
  const order = on ? (sort.down ? "descending" : "ascending") : "none";
  const next = { key: column, down: on ? !sort.down : DOWN_FIRST.has(column) };
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" class="sort" title={t("column.sort", { column: t(WORDS[column]) })} onClick={() => onSort(next)}>
        {word}
        <span aria-hidden="true">{on ? (sort.down ? " ▼" : " ▲") : ""}</span>
        {unitOf(column) === "" ? null : <small class="unit">{unitOf(column)}</small>}
      </button>
    </th>
  );
}

interface RowProps {
  readonly frame: Tracks;
  readonly row: number;
  readonly id: string;
  readonly stop: object;
}

/** The number alone: the head of its column names the unit. */
function unitless(text: string): string {
  return text.split("\u00a0")[0] ?? text;
}

/** The unit in the head of a column, and for heights what they are measured from. */
function unitOf(column: SortKey): string {
  if (column === "height") return `${profile.value.height}\u00a0WGS\u00a084`;
  return column === "speed" ? profile.value.speed : "";
}

function TrackRow({ frame, row, id, stop }: RowProps) {
  const facts = factsOfRow(frame, row, id);
  const border = frame.borderS[row] ?? Number.NaN;
  const chosen = selection.value?.kind === "track" && selection.value.id === id;
  const lost = facts.state === "lost";
  return (
    <tr class={chosen ? "row-chosen" : ""} data-state={facts.state}>
      <th scope="row">
        <button type="button" class="link" onClick={() => openTrack(id)} {...stop}>
          {facts.level === "" ? null : <LevelShape level={facts.level} />}
          {facts.level === "" ? null : <span class="unseen">{t(`level.${facts.level}`)} </span>}
          {shortId(id)}
          {facts.callsign === "" ? null : <small> “{facts.callsign}”</small>}
        </button>
      </th>
      <td class="number">{formatPercent(facts.existence)}</td>
      <td class="number" title={t("height.ellipsoid.text")}>
        {lost ? "?" : unitless(bareHeightText(facts.altM))}
      </td>
      <td class="number">{unitless(speedText(facts.speedMps))}</td>
      <td class="number">{formatCourse(facts.courseDeg)}</td>
      <td class="number">
        {Number.isNaN(border)
          ? ""
          : `${durationText(border)} (${formatPercent(frame.borderProbability[row] ?? Number.NaN)})`}
      </td>
      <td class="number">
        {durationText(frame.ageS[row] ?? Number.NaN)}
        {lost ? ` ± ${distanceText(facts.radiusM)}` : ""}
      </td>
      <td>
        {t(`track_state.${facts.state}`)}
        {facts.claimed ? ` · ${t("basis.claimed")}` : ""}
      </td>
    </tr>
  );
}
