/** Where a setting, or one of its values, comes from. */
export interface SettingPaper {
  readonly title: string;
  /** The family names of the first authors. */
  readonly authors: string;
  readonly year: number;
  readonly url: string;
}

/** The papers. */
export const papers = {
  attention: {
    title: 'Attention Is All You Need',
    authors: 'Vaswani et al.',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.03762',
  },
  gpt2: {
    title: 'Language Models are Unsupervised Multitask Learners',
    authors: 'Radford et al.',
    year: 2019,
    url: 'https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf',
  },
  layerNorm: {
    title: 'Layer Normalization',
    authors: 'Ba, Kiros, Hinton',
    year: 2016,
    url: 'https://arxiv.org/abs/1607.06450',
  },
  momentum: {
    title: 'On the importance of initialization and momentum in deep learning',
    authors: 'Sutskever et al.',
    year: 2013,
    url: 'https://proceedings.mlr.press/v28/sutskever13.html',
  },
  adamw: {
    title: 'Decoupled Weight Decay Regularization',
    authors: 'Loshchilov, Hutter',
    year: 2017,
    url: 'https://arxiv.org/abs/1711.05101',
  },
  gelu: {
    title: 'Gaussian Error Linear Units (GELUs)',
    authors: 'Hendrycks, Gimpel',
    year: 2016,
    url: 'https://arxiv.org/abs/1606.08415',
  },
  kaiming: {
    title:
      'Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification',
    authors: 'He et al.',
    year: 2015,
    url: 'https://arxiv.org/abs/1502.01852',
  },
  bpe: {
    title: 'Neural Machine Translation of Rare Words with Subword Units',
    authors: 'Sennrich, Haddow, Birch',
    year: 2015,
    url: 'https://arxiv.org/abs/1508.07909',
  },
  shannon: {
    title: 'A Mathematical Theory of Communication',
    authors: 'Shannon',
    year: 1948,
    url: 'https://doi.org/10.1002/j.1538-7305.1948.tb01338.x',
  },
  neuralLanguageModel: {
    title: 'A Neural Probabilistic Language Model',
    authors: 'Bengio et al.',
    year: 2003,
    url: 'https://jmlr.org/papers/v3/bengio03a.html',
  },
  timeDelay: {
    title: 'Phoneme Recognition Using Time-Delay Neural Networks',
    authors: 'Waibel et al.',
    year: 1989,
    url: 'https://doi.org/10.1109/29.21701',
  },
  wavenet: {
    title: 'WaveNet: A Generative Model for Raw Audio',
    authors: 'van den Oord et al.',
    year: 2016,
    url: 'https://arxiv.org/abs/1609.03499',
  },
  gru: {
    title:
      'Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation',
    authors: 'Cho et al.',
    year: 2014,
    url: 'https://arxiv.org/abs/1406.1078',
  },
  lstm: {
    title: 'Long Short-Term Memory',
    authors: 'Hochreiter, Schmidhuber',
    year: 1997,
    url: 'https://doi.org/10.1162/neco.1997.9.8.1735',
  },
  megabyte: {
    title: 'MEGABYTE: Predicting Million-byte Sequences with Multiscale Transformers',
    authors: 'Yu et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2305.07185',
  },
  rotary: {
    title: 'RoFormer: Enhanced Transformer with Rotary Position Embedding',
    authors: 'Su et al.',
    year: 2021,
    url: 'https://arxiv.org/abs/2104.09864',
  },
  rms: {
    title: 'Root Mean Square Layer Normalization',
    authors: 'Zhang, Sennrich',
    year: 2019,
    url: 'https://arxiv.org/abs/1910.07467',
  },
  silu: {
    title:
      'Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning',
    authors: 'Elfwing, Uchibe, Doya',
    year: 2017,
    url: 'https://arxiv.org/abs/1702.03118',
  },
  swiglu: {
    title: 'GLU Variants Improve Transformer',
    authors: 'Shazeer',
    year: 2020,
    url: 'https://arxiv.org/abs/2002.05202',
  },
  squaredRelu: {
    title: 'Primer: Searching for Efficient Transformers for Language Modeling',
    authors: 'So et al.',
    year: 2021,
    url: 'https://arxiv.org/abs/2109.08668',
  },
  xavier: {
    title: 'Understanding the difficulty of training deep feedforward neural networks',
    authors: 'Glorot, Bengio',
    year: 2010,
    url: 'https://proceedings.mlr.press/v9/glorot10a.html',
  },
  sgd: {
    title: 'A Stochastic Approximation Method',
    authors: 'Robbins, Monro',
    year: 1951,
    url: 'https://doi.org/10.1214/aoms/1177729586',
  },
  adam: {
    title: 'Adam: A Method for Stochastic Optimization',
    authors: 'Kingma, Ba',
    year: 2014,
    url: 'https://arxiv.org/abs/1412.6980',
  },
  muon: {
    title: 'Muon: An optimizer for hidden layers in neural networks',
    authors: 'Jordan et al.',
    year: 2024,
    url: 'https://kellerjordan.github.io/posts/muon',
  },
  scheduleFree: {
    title: 'The Road Less Scheduled',
    authors: 'Defazio et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2405.15682',
  },
  muonRate: {
    title: 'Muon is Scalable for LLM Training',
    authors: 'Liu et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.16982',
  },
  cosine: {
    title: 'SGDR: Stochastic Gradient Descent with Warm Restarts',
    authors: 'Loshchilov, Hutter',
    year: 2016,
    url: 'https://arxiv.org/abs/1608.03983',
  },
  linear: {
    title: 'Straight to Zero: Why Linearly Decaying the Learning Rate to Zero Works Best for LLMs',
    authors: 'Bergsma et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.15938',
  },
  oneCycle: {
    title: 'Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates',
    authors: 'Smith, Topin',
    year: 2017,
    url: 'https://arxiv.org/abs/1708.07120',
  },
  batchNorm: {
    title:
      'Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift',
    authors: 'Ioffe, Szegedy',
    year: 2015,
    url: 'https://arxiv.org/abs/1502.03167',
  },
  residual: {
    title: 'Deep Residual Learning for Image Recognition',
    authors: 'He et al.',
    year: 2015,
    url: 'https://arxiv.org/abs/1512.03385',
  },
  dropout: {
    title: 'Dropout: A Simple Way to Prevent Neural Networks from Overfitting',
    authors: 'Srivastava et al.',
    year: 2014,
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  groupedQuery: {
    title: 'GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints',
    authors: 'Ainslie et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2305.13245',
  },
  qkNorm: {
    title: 'Query-Key Normalization for Transformers',
    authors: 'Henry et al.',
    year: 2020,
    url: 'https://arxiv.org/abs/2010.04245',
  },
  tiedHead: {
    title: 'Using the Output Embedding to Improve Language Models',
    authors: 'Press, Wolf',
    year: 2016,
    url: 'https://arxiv.org/abs/1608.05859',
  },
  packing: {
    title: 'Efficient Sequence Packing without Cross-contamination',
    authors: 'Krell et al.',
    year: 2021,
    url: 'https://arxiv.org/abs/2107.02027',
  },
  patience: {
    title: 'Early Stopping - But When?',
    authors: 'Prechelt',
    year: 1998,
    url: 'https://doi.org/10.1007/3-540-49430-8_3',
  },
  clipNorm: {
    title: 'On the difficulty of training recurrent neural networks',
    authors: 'Pascanu, Mikolov, Bengio',
    year: 2012,
    url: 'https://arxiv.org/abs/1211.5063',
  },
  averaging: {
    title: 'Acceleration of Stochastic Approximation by Averaging',
    authors: 'Polyak, Juditsky',
    year: 1992,
    url: 'https://doi.org/10.1137/0330046',
  },
  warmup: {
    title: 'Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour',
    authors: 'Goyal et al.',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.02677',
  },
  learnedPositions: {
    title: 'Convolutional Sequence to Sequence Learning',
    authors: 'Gehring et al.',
    year: 2017,
    url: 'https://arxiv.org/abs/1705.03122',
  },
  relu: {
    title: 'Deep Sparse Rectifier Neural Networks',
    authors: 'Glorot, Bordes, Bengio',
    year: 2011,
    url: 'https://proceedings.mlr.press/v15/glorot11a.html',
  },
  sigmoid: {
    title: 'Learning representations by back-propagating errors',
    authors: 'Rumelhart, Hinton, Williams',
    year: 1986,
    url: 'https://doi.org/10.1038/323533a0',
  },
  bytes: {
    title: 'ByT5: Towards a token-free future with pre-trained byte-to-byte models',
    authors: 'Xue et al.',
    year: 2021,
    url: 'https://arxiv.org/abs/2105.13626',
  },
  characters: {
    title: 'Generating Sequences With Recurrent Neural Networks',
    authors: 'Graves',
    year: 2013,
    url: 'https://arxiv.org/abs/1308.0850',
  },
} satisfies Readonly<Record<string, SettingPaper>>;
