export default { dialect: 'postgresql', out: './drizzle' }
