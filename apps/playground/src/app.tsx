import type { FunctionComponent } from 'preact';
import { Later } from './parts/later.js';
import { DropArea } from './rooms/drop-area.js';
import { RunBar } from './rooms/run-bar.js';
import { TrainRoom } from './rooms/train/train-room.js';
import { given } from './state/given.js';
import { missingText } from './state/missing-text.js';
import { isOutdated } from './state/offline.js';
import { type RoomName, rooms } from './state/address.js';
import { hidden, ignored, room, tour } from './state/place.js';
import { elsewhere, run, runs } from './state/runs.js';
import { unusable } from './state/spare.js';
import { language, languageOf, languages, loadRoomStrings, speak, t } from './strings/index.js';

type Room = FunctionComponent;

/** The rooms, the tour, which is beside them, and what is said above them. */
type Loaded = RoomName | 'tour' | 'notices';

/** The rooms that are loaded when they are opened: all but the first. */
const load: Readonly<Record<Exclude<Loaded, 'train'>, () => Promise<Room>>> = {
  notices: async () => (await import('./rooms/notices.js')).Notices,
  tour: async () => (await import('./rooms/tour/tour-panel.js')).TourPanel,
  inside: async () => (await import('./rooms/inside/inside-room.js')).InsideRoom,
  use: async () => (await import('./rooms/use/use-room.js')).UseRoom,
  runs: async () => (await import('./rooms/runs/runs-room.js')).RunsRoom,
  about: async () => (await import('./rooms/about/about-room.js')).AboutRoom,
};

/** The page, made anew where its language changes. */
export function App() {
  return <Page key={language.value} />;
}

/** Where one is, the run that is looked at, and a room. */
function Page() {
  return (
    <>
      <header>
        <h1>{t.title}</h1>
        <p class="tagline">{t.tagline}</p>
        <nav aria-label={t.nav}>
          {rooms.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={room.value === name ? 'page' : undefined}
              onClick={() => {
                room.value = name;
              }}
            >
              {t.rooms[name]}
            </button>
          ))}
        </nav>
        {!hidden.value.includes('tour') && (
          <button
            type="button"
            class="tour-button"
            aria-pressed={tour.value !== undefined}
            onClick={() => {
              tour.value = tour.value === undefined ? '1.1' : undefined;
            }}
          >
            {t.openTour}
          </button>
        )}
        <select
          aria-label={t.language}
          value={language.value}
          onChange={({ currentTarget }) => void speak(languageOf(currentTarget.value))}
        >
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </header>
      <div class="stage" data-tour={tour.value !== undefined}>
        <main>
          {unusable.value !== undefined && (
            <p class="problem" role="alert">
              <strong>{t.noEngine}:</strong> {unusable.value}
            </p>
          )}
          {isOutdated.value && (
            <p role="status">
              {t.outdated}{' '}
              <button type="button" onClick={() => globalThis.location.reload()}>
                {t.reload}
              </button>
            </p>
          )}
          {hasNotice() && <OpenRoom name="notices" />}
          <RunBar />
          <OpenRoom key={room.value} name={room.value} />
        </main>
        {tour.value !== undefined && <OpenRoom name="tour" />}
      </div>
      <DropArea />
    </>
  );
}

/** Whether something is to be said above the rooms. */
const hasNotice = (): boolean =>
  given.value !== undefined ||
  missingText.value !== undefined ||
  run.value?.expected.value !== undefined ||
  ignored.value.length > 0 ||
  (runs.value.length === 0 && elsewhere.value.size > 0);

/** Rooms that have been loaded. */
const loaded = new Map<Loaded, Room>();

function OpenRoom({ name }: { readonly name: Loaded }) {
  if (name === 'train') return <TrainRoom />;
  const loadRoom = async (): Promise<Room> => {
    const [found] = await Promise.all([load[name](), loadRoomStrings()]);
    loaded.set(name, found);
    return found;
  };
  const placeholder = name === 'notices' ? '' : 'loading-room';
  return <Later loaded={loaded.get(name)} load={loadRoom} placeholder={placeholder} />;
}
