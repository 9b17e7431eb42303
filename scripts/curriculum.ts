/** One day of the course, as the progress tracker names it. */
export interface Day {
  day: number;
  week: number;
  topic: string;
  /** File name of the notebook, without extension. */
  file: string;
}

const TOPICS: [topic: string, file: string][] = [
  ["Perceptrons and Logic Gates", "perceptrons_logic_gates"],
  ["Sigmoid Neurons", "sigmoid_neurons"],
  ["Feedforward Network Design", "feedforward_network_design"],
  ["Gradient Descent", "gradient_descent"],
  ["MNIST Digit Classifier", "mnist_digit_classifier"],
  ["Evaluating MNIST Classifier", "evaluating_mnist_classifier"],
  ["Reflection on Week 1", "reflection_week_1"],
  ["Backpropagation Implementation", "backpropagation"],
  ["Cross-Entropy Cost Function", "cross_entropy"],
  ["L2 Regularization", "l2_regularization"],
  ["Weight Initialization", "weight_initialization"],
  ["Retrain with Improvements", "retrain_with_improvements"],
  ["Visualize Learning Progress", "visualize_learning_progress"],
  ["Reflection on Week 2", "reflection_week_2"],
  ["Universality of Neural Networks", "universality"],
  ["Build a CNN for Image Classification", "convolutional_network"],
  ["Dropout for Regularization", "dropout"],
  ["ReLU Activation for Vanishing Gradients", "relu_vanishing_gradients"],
  ["Transfer Learning", "transfer_learning"],
  ["Compare CNN Architectures", "compare_cnn_architectures"],
  ["Reflection on Week 3", "reflection_week_3"],
  ["GANs and Synthetic Data Generation", "gan_synthetic_data"],
  ["Time-Series Analysis with LSTMs", "lstm_time_series"],
  ["SHAP for Neural Network Interpretability", "shap_interpretability"],
  ["Cricket Performance Analysis", "cricket_performance"],
  ["Hyperparameter Tuning", "hyperparameter_tuning"],
  ["Capstone Project - Part 1", "capstone_part_1_transformers"],
  ["Capstone Project - Part 2", "capstone_part_2_sentiment"],
  ["Reflection on the Journey - Part 1", "reflection_journey_part_1"],
  ["Reflection on the Journey - Part 2", "reflection_journey_part_2"],
];

/** The thirty days. Weeks have seven days; the last one has nine. */
export const DAYS: readonly Day[] = TOPICS.map(([topic, file], index) => ({
  day: index + 1,
  week: Math.min(4, Math.floor(index / 7) + 1),
  topic,
  file,
}));

/** Folder of a day, relative to the collection's root, with forward slashes: `Week1/Day5`. */
export function dayFolder({ week, day }: Day): string {
  return `Week${week}/Day${day}`;
}

/** Notebook of a day, relative to the collection's root, with forward slashes. */
export function notebookPath(day: Day): string {
  return `${dayFolder(day)}/${day.file}.ipynb`;
}

/** Two digits, so that names sort: `day05`. */
export function dayName(day: number): string {
  return `day${String(day).padStart(2, "0")}`;
}
