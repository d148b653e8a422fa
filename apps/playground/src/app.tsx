import { DropArea } from './rooms/drop-area.js';
import { RunBar } from './rooms/run-bar.js';
import { TrainRoom } from './rooms/train/train-room.js';
import { room, rooms, unusable } from './state/page.js';
import { t } from './strings/index.js';

const shown = { train: TrainRoom } as const;

/** The page: where one is, the run that is looked at, and a room. */
export function App() {
  const Room = shown[room.value];
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
      </header>
      <main>
        {unusable.value !== undefined && (
          <p class="problem" role="alert">
            <strong>{t.noEngine}:</strong> {unusable.value}
          </p>
        )}
        <RunBar />
        <Room />
      </main>
      <DropArea />
    </>
  );
}
