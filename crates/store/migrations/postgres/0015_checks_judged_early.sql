-- Why an action could already be judged effective before the day for which the look at its effect was planned.

ALTER TABLE checks ADD COLUMN early_reason text COLLATE "C";
