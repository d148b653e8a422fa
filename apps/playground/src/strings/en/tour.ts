/** The sentences of the tour, in English. `[words](name)` is a link; its name is one of `state/links.ts`. */
export const enTour = {
  title: 'Tour',
  question: 'Question',
  close: 'Close the tour',
  stepOf: (number: number, title: string, isDone: boolean) =>
    `Step ${number}: ${title}${isDone ? ', done' : ''}`,
  done: 'Done.',
  toDo: 'Not done yet: the page notices when you do it.',
  back: 'Back',
  next: 'Next',
  forget: 'Start over',
  end: 'This was the last step. From here on, try what you want to know.',
  head: {
    layer: 'Layer',
    head: 'Head',
    ask: 'Is it this one?',
    right: (share: string) =>
      `Yes: it gives ${share} of its attention to the token before, on this line.`,
    wrong: (share: string) =>
      `No: it gives ${share} of its attention to the token before; another gives more.`,
    none: 'This model has no such head.',
    noGpt: 'The run that is shown is no Transformer.',
  },
  chapters: {
    mlp: 'How do tokens of an MLP communicate?',
    context: 'What does a long context do?',
    tree: 'Why does a tree of convolutions help?',
    compress: 'A network is a compressor',
    attention: 'What does attention add?',
    toys: 'Which network can learn what?',
  },
  steps: {
    pairs: {
      title: 'A model in which they don’t',
      text: 'A bigram model is a table: for each token, what comes next. It sees one token, so no two tokens ever meet.',
      task: '[Train a bigram model](bigram) for 1,000 steps.',
      after:
        'Its validation loss ends at about 2.42. Counting the pairs of the text gives as much: a table can do no better.',
    },
    three: {
      title: 'Three tokens',
      text: 'An MLP looks at a window of several tokens. Each becomes a vector, and the vectors are put side by side.',
      task: '[Set the context to 3](context3) and train 1,000 steps.',
      after:
        'Its loss falls to about 2.21 after 3,000 steps, well below what pairs can give. The tokens before the last one tell something.',
    },
    meet: {
      title: 'Where they meet',
      text: 'How does the first token of the window get to know of the second? Nothing between the vectors is computed: each is looked up in a table by itself.',
      task: '[Look inside](activations) that MLP, at its activations.',
      after:
        'They meet in the first hidden layer: each unit is a sum over all positions, with a weight of its own for each number of each position. The picture shows what each position adds. All communication of an MLP is this sum, and what its units make of it.',
    },
    window: {
      title: 'What it doesn’t see',
      text: 'Whatever stands before the window is lost. At the beginning of a line the window is filled with the sign that begins lines.',
      task: 'Type another line there, and choose one of its positions.',
      after:
        'Compare the window with the line: beyond the third token from the end nothing can change the guess.',
    },
    vowels: {
      title: 'Vectors that mean something',
      text: 'Nobody told the model which letters are vowels. Their vectors are drawn at random and then learned, as all other weights.',
      task: 'Look at the [embedding](embedding), best while it trains.',
      after:
        'Letters that are followed by the same things drift together, vowels among them: for the layer above they are nearly the same input.',
    },
    one: {
      title: 'A context of one',
      text: 'Begin with the shortest: an MLP that sees a single token.',
      task: '[Set the context to 1](context1) and train 1,000 steps.',
      after: 'Its loss ends where that of the bigram model does, at about 2.44: it sees no more.',
    },
    eight: {
      title: 'A context of eight',
      text: 'Nearly every name fits into a window of eight.',
      task: '[Set the context to 8](context8) and train 1,000 steps.',
      after:
        'About 2.16 after 3,000 steps. The first tokens that one adds help most; the fifth or the eighth tells little that the others don’t.',
    },
    compare: {
      title: 'Side by side',
      text: 'A longer window costs weights: each position has its own in the first layer, and a rare position learns slowly.',
      task: 'Train two MLPs of different contexts on the same text, and compare their curves: [context 3](context3) and [context 8](context8), or others of your own.',
      after:
        'Try 16 yourself by the settings: it is no better than 8, about 2.18. An MLP learns what a letter means at each position anew.',
    },
    byHeart: {
      title: 'Learning by heart',
      text: 'A window of eight holds most names whole. A network that is wide enough can keep the names instead of finding what they have in common.',
      task: 'Train until the last validation is worse than the best one by 0.02: [a wide MLP that learns from a tenth of the names](byHeart) soon is.',
      after:
        'The training loss falls on, while what was held out gets worse. More context needs more data, fewer weights, dropout, or a network that shares its weights.',
    },
    flat: {
      title: 'All at once',
      text: 'The lecture’s MLP reads sixteen tokens in one layer: 16 × 8 numbers into 64 units.',
      task: '[Train the lecture’s MLP](flat) for 1,000 steps.',
      after: 'Each unit has to make sense of all sixteen tokens in a single sum.',
    },
    cnn: {
      title: 'Two by two',
      text: 'A tree of convolutions reads two neighbours at a time: 16 → 8 → 4 → 2 → 1. All nodes of a level have the same weights.',
      task: '[Train the lecture’s CNN](cnn) for 1,000 steps.',
      after:
        'What is learned of a pair of letters counts wherever the pair stands. After 3,000 steps it is about as good as the MLP, though it never sees more than two things at a time.',
    },
    node: {
      title: 'A node of the tree',
      text: 'Each node has a vector of its own: first about two letters, then about four, then about eight.',
      task: '[Look at the activations](activations) of the CNN, and choose a node: point at it and click, or use the arrow keys.',
      after:
        'Its value is a sum over the two nodes below and a bend. Letters that stand far from each other meet only in a high node: near ones first, as words are made of syllables.',
    },
    wavenet: {
      title: 'The tree for all positions',
      text: 'A window for each position computes most nodes again and again. WaveNet keeps them: one node a position and level, each of which reads itself and one further back, twice as far from level to level.',
      task: '[Train a small WaveNet](wavenet) for 300 steps. It is slower; each step learns from whole names.',
      after:
        'About 2.0 and less: with gates, shortcuts and many positions a step the tree is far better than the flat window.',
    },
    bars: {
      title: 'Guessing is knowing',
      text: 'A model gives each next token a probability. The surer it is of what comes, the less one has to be told.',
      task: 'Look at [the next character](next), and type another line.',
      after:
        'The entropy says how undecided it is, in bits. A token of probability 1/2 costs 1 bit, one of 1/8 costs 3.',
    },
    surprise: {
      title: 'The price of a text',
      text: 'Add up the surprise of each character, and you have the bits that the model needs for the text.',
      task: 'Look at [the surprise](surprise) of a text of your own: change the one that is there.',
      after:
        'The mean is the loss, only in bits instead of nats: divide the loss by 0.693. What the model has learned costs little, what it never saw costs much.',
    },
    bytes: {
      title: 'In so many bytes',
      text: 'An arithmetic coder makes these bits a file.',
      task: '[Compress](compress) a text with the model, a long one best: the text that the run holds out.',
      after:
        'The code in the file has nearly as many bytes as the model’s cross-entropy; the rest of the file, the same for any text, says which model reads it. Training a language model and building a compressor is the same thing.',
    },
    back: {
      title: 'And back',
      text: 'Who has the same model makes the same guesses, and so can read the file.',
      task: 'Decompress it, and have it compared.',
      after:
        'Byte for byte. The model itself is the price: it is larger than the text, and pays only for many texts of its kind.',
    },
    gpt: {
      title: 'A small Transformer',
      text: 'In an MLP each position has fixed weights. With attention a token chooses by what it is from which tokens before it gathers.',
      task: '[Train a small Transformer](gpt) for 300 steps.',
      after:
        'About 2.10 after 1,000 steps: better after a third of the steps than the MLP gets at all.',
    },
    maps: {
      title: 'Who gathers from whom',
      text: 'A head has a row for each position: how much it takes from each position before.',
      task: 'Look at the [attention](attention) of the Transformer.',
      after:
        'Type another line: the pattern changes. The weights of a convolution would stay as they are.',
    },
    head: {
      title: 'One back',
      text: 'The token before is the most useful one to a token. Some head often learns to look there.',
      task: 'Find the head that looks one back most: in its picture the cells left of the diagonal stand out most. Say which it is.',
      after:
        'With it a token knows its neighbour, as in a pair of a convolution; but this one was found, not built.',
    },
    reverse: {
      title: 'Looking up',
      text: 'To write letters backwards one has to look up, for each letter of the answer, a place that lies further back each time.',
      task: '[Train a Transformer to reverse](reverseGpt), until 90% of its answers are right.',
      after:
        'It takes some hundred steps. No fixed pattern of weights does that with so few of them.',
    },
    backwards: {
      title: 'See it look up',
      text: 'In the answer each token has to look at the mirrored place of the question.',
      task: 'Look at its [attention on a reversed line](backwards).',
      after:
        'In some head the rows of the answer run back along the question, across the diagonal. This is what attention adds: it looks wherever the content says.',
    },
    guess: {
      title: 'Parity by a window',
      text: 'Is the number of ones odd? All digits matter equally: change one, and the answer turns. The answers that are right stand in the figures and in a chart.',
      task: '[Train an MLP on parity](parityMlp) for 1,000 steps.',
      after:
        'It ends with less than half of them right, worse than a coin: it has learned its own questions by heart, and what it learned is wrong for others.',
    },
    memory: {
      title: 'Parity by memory',
      text: 'A recurrent network reads digit by digit and has a state. One bit of it would do: turn it at each one.',
      task: '[Train a GRU on parity](parityGru), until 95% of its answers are right.',
      after:
        'The right network finds the rule, and is then right about questions that it never saw.',
    },
    longer: {
      title: 'Harder',
      text: 'Sizes of a task are fields below the choice of the text.',
      task: 'Take parity of a length of 12 or more, [the GRU with more steps](parityLong) for instance, and train a network that gets 90% right.',
      after:
        'The rule is the same for any length. Finding it takes longer: at first nothing is better than a guess, and then, within two hundred steps, it is right about all of them.',
    },
    sum: {
      title: 'Addition',
      text: 'Each digit of a sum needs one digit of each number, and what is carried. Two numbers have to be looked up at once.',
      task: '[Train a Transformer on addition](additionGpt), until 90% of its answers are right. [The GRU](additionGru) on the same for comparison.',
      after:
        'Attention sees both numbers at each digit. The GRU has to squeeze them into its state, and gets less than a third right.',
    },
    clock: {
      title: 'A clock',
      text: 'Addition as a clock has it: 80 + 30 is 13 by the modulus 97. That is a table of 97 × 97 sums without digits to line up.',
      task: 'Find a network that gets 90% right: [the MLP](clock) is one.',
      after:
        'It finds what is behind the table from nine tenths of it. No network is best at everything: it depends on what has to be remembered, looked up, or computed.',
    },
  },
};
