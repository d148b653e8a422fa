import type { Strings } from '../en.js';

/** Die Sätze der Führung. */
export const deTour: Strings['tour'] = {
  title: 'Führung',
  question: 'Frage',
  close: 'Führung schließen',
  stepOf: (number, title, isDone) => `Schritt ${number}: ${title}${isDone ? ', getan' : ''}`,
  done: 'Getan.',
  toDo: 'Noch nicht getan: Die Seite sieht es, sobald es geschieht.',
  back: 'Zurück',
  next: 'Weiter',
  forget: 'Von vorn',
  end: 'Das war der letzte Schritt. Ab hier geht es mit eigenen Fragen weiter.',
  head: {
    layer: 'Schicht',
    head: 'Kopf',
    ask: 'Ist es dieser?',
    right: (share) => `Ja: Er holt auf dieser Zeile ${share} vom Token davor.`,
    wrong: (share) => `Nein: Er holt ${share} vom Token davor; ein anderer holt mehr.`,
    none: 'Dieses Modell hat keinen solchen Kopf.',
    noGpt: 'Der gezeigte Lauf ist kein Transformer.',
  },
  chapters: {
    mlp: 'Wie verständigen sich Token im MLP?',
    context: 'Was bewirkt ein langer Kontext?',
    tree: 'Warum hilft ein Baum aus Faltungen?',
    compress: 'Ein Netz ist ein Kompressor',
    attention: 'Was kommt durch Attention hinzu?',
    toys: 'Welches Netz kann was lernen?',
  },
  steps: {
    pairs: {
      title: 'Ein Modell, in dem sie es nicht tun',
      text: 'Ein Bigramm-Modell ist eine Tabelle: für jedes Token, was als Nächstes kommt. Es sieht ein Token, also begegnen sich nie zwei.',
      task: '[Ein Bigramm-Modell](bigram) 1000 Schritte lang trainieren.',
      after:
        'Sein Verlust auf dem zurückgehaltenen Text endet bei etwa 2.42. Die Paare des Textes zu zählen gibt ebenso viel: Mehr kann eine Tabelle nicht.',
    },
    three: {
      title: 'Drei Token',
      text: 'Ein MLP sieht ein Fenster von mehreren Token. Jedes wird zu einem Vektor, und die Vektoren werden nebeneinandergestellt.',
      task: '[Den Kontext auf 3 setzen](context3) und 1000 Schritte trainieren.',
      after:
        'Sein Verlust fällt nach 3000 Schritten auf etwa 2.21, weit unter das, was Paare hergeben. Die Token vor dem letzten sagen etwas.',
    },
    meet: {
      title: 'Wo sie sich begegnen',
      text: 'Wie erfährt das erste Token des Fensters vom zweiten? Zwischen den Vektoren wird nichts gerechnet: Jeder wird für sich in einer Tabelle nachgeschlagen.',
      task: 'In dieses MLP [hineinschauen](activations), auf seine Aktivierungen.',
      after:
        'Sie begegnen sich in der ersten verborgenen Schicht: Jede Einheit ist eine Summe über alle Stellen, mit einem eigenen Gewicht für jede Zahl jeder Stelle. Das Bild zeigt, was jede Stelle beiträgt. Diese Summe, und was die Einheiten daraus machen, ist die ganze Verständigung eines MLP.',
    },
    window: {
      title: 'Was es nicht sieht',
      text: 'Was vor dem Fenster steht, ist verloren. Am Anfang einer Zeile ist das Fenster mit dem Zeichen gefüllt, das Zeilen beginnt.',
      task: 'Dort eine andere Zeile eintippen und eine ihrer Stellen wählen.',
      after:
        'Das Fenster mit der Zeile vergleichen: Jenseits des drittletzten Token kann nichts die Vermutung ändern.',
    },
    vowels: {
      title: 'Vektoren, die etwas bedeuten',
      text: 'Niemand hat dem Modell gesagt, welche Buchstaben Vokale sind. Ihre Vektoren sind zufällig gezogen und dann gelernt, wie alle anderen Gewichte.',
      task: 'Das [Embedding](embedding) anschauen, am besten während des Trainings.',
      after:
        'Buchstaben, auf die dasselbe folgt, treiben zusammen, darunter die Vokale: Für die Schicht darüber sind sie beinahe dieselbe Eingabe.',
    },
    one: {
      title: 'Ein Kontext von eins',
      text: 'Zuerst der kürzeste: ein MLP, das ein einziges Token sieht.',
      task: '[Den Kontext auf 1 setzen](context1) und 1000 Schritte trainieren.',
      after:
        'Sein Verlust endet dort, wo der des Bigramm-Modells endet, bei etwa 2.44: Mehr sieht es nicht.',
    },
    eight: {
      title: 'Ein Kontext von acht',
      text: 'Fast jeder Name passt in ein Fenster von acht.',
      task: '[Den Kontext auf 8 setzen](context8) und 1000 Schritte trainieren.',
      after:
        'Etwa 2.16 nach 3000 Schritten. Die ersten Token, die hinzukommen, helfen am meisten; das fünfte oder achte sagt wenig, was die anderen nicht sagen.',
    },
    compare: {
      title: 'Nebeneinander',
      text: 'Ein längeres Fenster kostet Gewichte: Jede Stelle hat ihre eigenen in der ersten Schicht, und eine seltene Stelle lernt langsam.',
      task: 'Zwei MLPs mit verschiedenem Kontext auf demselben Text trainieren und ihre Kurven vergleichen: [Kontext 3](context3) und [Kontext 8](context8), oder andere.',
      after:
        'In den Einstellungen lässt sich 16 versuchen: nicht besser als 8, etwa 2.18. Ein MLP lernt an jeder Stelle neu, was ein Buchstabe bedeutet.',
    },
    byHeart: {
      title: 'Auswendig lernen',
      text: 'Ein Fenster von acht fasst die meisten Namen ganz. Ein Netz, das breit genug ist, kann die Namen behalten, statt zu finden, was sie gemeinsam haben.',
      task: 'Trainieren, bis die letzte Validierung um 0.02 schlechter ist als die beste: [Ein breites MLP, das aus einem Zehntel der Namen lernt](byHeart), ist bald so weit.',
      after:
        'Der Verlust im Training fällt weiter, während er auf dem zurückgehaltenen Text steigt. Mehr Kontext braucht mehr Daten, weniger Gewichte, Dropout oder ein Netz, das seine Gewichte teilt.',
    },
    flat: {
      title: 'Alles auf einmal',
      text: 'Das MLP der Vorlesung liest sechzehn Token in einer Schicht: 16 × 8 Zahlen gehen in 64 Einheiten.',
      task: '[Das MLP der Vorlesung](flat) 1000 Schritte lang trainieren.',
      after: 'Jede Einheit muss alle sechzehn Token in einer einzigen Summe verstehen.',
    },
    cnn: {
      title: 'Zu zweit',
      text: 'Ein Baum aus Faltungen liest je zwei Nachbarn: 16 → 8 → 4 → 2 → 1. Alle Knoten einer Ebene haben dieselben Gewichte.',
      task: '[Das CNN der Vorlesung](cnn) 1000 Schritte lang trainieren.',
      after:
        'Was über ein Paar von Buchstaben gelernt ist, gilt, wo immer das Paar steht. Nach 3000 Schritten ist es etwa so gut wie das MLP, obwohl es nie mehr als zwei Dinge zugleich sieht.',
    },
    node: {
      title: 'Ein Knoten des Baums',
      text: 'Jeder Knoten hat einen eigenen Vektor: zuerst über zwei Buchstaben, dann über vier, dann über acht.',
      task: 'Die [Aktivierungen](activations) des CNN anschauen und einen Knoten wählen: darauf zeigen und klicken, oder mit den Pfeiltasten.',
      after:
        'Sein Wert ist eine Summe über die zwei Knoten darunter und ein Knick. Buchstaben, die weit auseinanderstehen, begegnen sich erst in einem hohen Knoten: nahe zuerst, wie Wörter aus Silben bestehen.',
    },
    wavenet: {
      title: 'Der Baum für alle Stellen',
      text: 'Ein Fenster für jede Stelle rechnet die meisten Knoten immer wieder. WaveNet behält sie: ein Knoten je Stelle und Ebene, der sich selbst liest und einen weiter zurück, von Ebene zu Ebene doppelt so weit.',
      task: '[Ein kleines WaveNet](wavenet) 300 Schritte lang trainieren. Es ist langsamer; jeder Schritt lernt aus ganzen Namen.',
      after:
        'Etwa 2.0 und weniger: Mit Gates, Abkürzungen und vielen Stellen je Schritt ist der Baum weit besser als das flache Fenster.',
    },
    bars: {
      title: 'Vermuten ist Wissen',
      text: 'Ein Modell gibt jedem nächsten Token eine Wahrscheinlichkeit. Je sicherer es ist, desto weniger muss man ihm sagen.',
      task: 'Das [nächste Zeichen](next) anschauen und eine andere Zeile eintippen.',
      after:
        'Die Entropie sagt in Bit, wie unentschieden es ist. Ein Token der Wahrscheinlichkeit 1/2 kostet 1 Bit, eines von 1/8 kostet 3.',
    },
    surprise: {
      title: 'Der Preis eines Textes',
      text: 'Die Überraschung jedes Zeichens zusammengezählt ergibt die Bit, die das Modell für den Text braucht.',
      task: 'Die [Überraschung](surprise) eines eigenen Textes anschauen: den ändern, der dort steht.',
      after:
        'Das Mittel ist der Verlust, nur in Bit statt in Nat: den Verlust durch 0.693 teilen. Gelerntes kostet wenig, nie Gesehenes viel.',
    },
    bytes: {
      title: 'In so vielen Byte',
      text: 'Ein arithmetischer Kodierer macht aus diesen Bit eine Datei.',
      task: 'Einen Text mit dem Modell [komprimieren](compress), am besten einen langen: den Text, den der Lauf zurückhält.',
      after:
        'Der Code in der Datei hat beinahe so viele Byte wie die Kreuzentropie des Modells; der Rest der Datei, gleich groß bei jedem Text, sagt, welches Modell sie liest. Ein Sprachmodell zu trainieren und einen Kompressor zu bauen ist dasselbe.',
    },
    back: {
      title: 'Und zurück',
      text: 'Wer dasselbe Modell hat, vermutet dasselbe und kann so die Datei lesen.',
      task: 'Den Text zurückholen und vergleichen lassen.',
      after:
        'Byte für Byte. Der Preis ist das Modell: Es ist größer als der Text und lohnt sich erst für viele Texte seiner Art.',
    },
    gpt: {
      title: 'Ein kleiner Transformer',
      text: 'In einem MLP hat jede Stelle feste Gewichte. Mit Attention wählt ein Token nach dem, was es ist, von welchen Token vor ihm es etwas holt.',
      task: '[Einen kleinen Transformer](gpt) 300 Schritte lang trainieren.',
      after:
        'Etwa 2.10 nach 1000 Schritten: nach einem Drittel der Schritte besser, als das MLP überhaupt wird.',
    },
    maps: {
      title: 'Wer von wem etwas holt',
      text: 'Ein Kopf hat eine Zeile für jede Stelle: wie viel sie von jeder Stelle davor nimmt.',
      task: 'Die [Attention](attention) des Transformers anschauen.',
      after:
        'Eine andere Zeile eintippen: Das Muster ändert sich. Die Gewichte einer Faltung blieben, wie sie sind.',
    },
    head: {
      title: 'Einen zurück',
      text: 'Das Token davor ist einem Token am nützlichsten. Oft lernt ein Kopf, dorthin zu schauen.',
      task: 'Den Kopf finden, der am meisten einen zurückschaut: In seinem Bild treten die Felder links der Diagonale am stärksten hervor. Sagen, welcher es ist.',
      after:
        'Durch ihn kennt ein Token seinen Nachbarn, wie im Paar einer Faltung; dieser aber ist gefunden, nicht gebaut.',
    },
    reverse: {
      title: 'Nachschlagen',
      text: 'Um Buchstaben rückwärts zu schreiben, muss man für jeden Buchstaben der Antwort an einer Stelle nachschlagen, die jedes Mal weiter zurückliegt.',
      task: '[Einen Transformer umkehren lassen](reverseGpt), bis 90 % seiner Antworten richtig sind.',
      after:
        'Das dauert einige hundert Schritte. Kein festes Muster von Gewichten schafft das mit so wenigen davon.',
    },
    backwards: {
      title: 'Beim Nachschlagen zusehen',
      text: 'In der Antwort muss jedes Token an die gespiegelte Stelle der Frage schauen.',
      task: 'Seine [Attention auf einer umgekehrten Zeile](backwards) anschauen.',
      after:
        'In einem der Köpfe laufen die Zeilen der Antwort die Frage entlang zurück, quer zur Diagonale. Das kommt durch Attention hinzu: Sie schaut dorthin, wohin der Inhalt sie schickt.',
    },
    guess: {
      title: 'Parität im Fenster',
      text: 'Ist die Zahl der Einsen ungerade? Alle Ziffern zählen gleich viel: Wird eine geändert, kippt die Antwort. Der Anteil richtiger Antworten steht bei den Zahlen und in einem eigenen Bild.',
      task: '[Ein MLP auf Parität](parityMlp) 1000 Schritte lang trainieren.',
      after:
        'Es hat am Ende weniger als die Hälfte richtig und ist schlechter als eine Münze: Es hat seine eigenen Fragen auswendig gelernt, und was es gelernt hat, ist für andere falsch.',
    },
    memory: {
      title: 'Parität mit Gedächtnis',
      text: 'Ein rekurrentes Netz liest Ziffer für Ziffer und hat einen Zustand. Ein Bit davon genügt: Jede Eins kippt es.',
      task: '[Ein GRU auf Parität](parityGru) trainieren, bis 95 % seiner Antworten richtig sind.',
      after:
        'Das richtige Netz findet die Regel und hat dann bei Fragen recht, die es nie gesehen hat.',
    },
    longer: {
      title: 'Schwerer',
      text: 'Die Größen einer Aufgabe sind Felder unter der Wahl des Textes.',
      task: 'Parität mit einer Länge von 12 oder mehr nehmen, zum Beispiel [das GRU mit mehr Schritten](parityLong), und ein Netz trainieren, das 90 % richtig hat.',
      after:
        'Die Regel ist für jede Länge dieselbe. Sie zu finden dauert länger: Zuerst ist nichts besser als Raten, und dann ist binnen zweihundert Schritten alles richtig.',
    },
    sum: {
      title: 'Addition',
      text: 'Jede Ziffer einer Summe braucht eine Ziffer jeder Zahl und den Übertrag. Zwei Zahlen sind zugleich nachzuschlagen.',
      task: '[Einen Transformer auf Addition](additionGpt) trainieren, bis 90 % seiner Antworten richtig sind. Zum Vergleich [das GRU](additionGru) auf derselben Aufgabe.',
      after:
        'Attention sieht bei jeder Ziffer beide Zahlen. Das GRU muss sie in seinen Zustand zwängen und hat weniger als ein Drittel richtig.',
    },
    clock: {
      title: 'Eine Uhr',
      text: 'Addition wie auf einer Uhr: 80 + 30 ist 13 beim Modul 97. Das ist eine Tabelle von 97 × 97 Summen ohne Ziffern, die untereinanderstehen.',
      task: 'Ein Netz finden, das 90 % richtig hat: [das MLP](clock) ist eines.',
      after:
        'Es findet aus neun Zehnteln der Tabelle, was hinter ihr steckt. Kein Netz ist in allem das beste: Es kommt darauf an, was zu merken, nachzuschlagen oder zu rechnen ist.',
    },
  },
};
