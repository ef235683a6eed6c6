      ******************************************************************
      * SEEDCUST: the customers of a new bank, numbers from 10001. Letters
      * beyond ASCII stand as Latin-1 codes.
      ******************************************************************
       01  SEED-CUSTOMER-ROWS.
           05  FILLER PIC X(30) VALUE 'Ada Northcote'.
           05  FILLER PIC X(30) VALUE 'Bruno Keller'.
           05  FILLER PIC X(30) VALUE 'Chiara Conti'.
      *    Jurgen Muller
           05  FILLER PIC X(30) VALUE
               X'4AFC7267656E204DFC6C6C65722020'.
      *    Dolores Pena
           05  FILLER PIC X(30) VALUE
               X'446F6C6F726573205065F161202020'.
      *    Emile Fontaine
           05  FILLER PIC X(30) VALUE
               X'C96D696C6520466F6E7461696E6520'.
           05  FILLER PIC X(30) VALUE 'George Ashdown'.
           05  FILLER PIC X(30) VALUE 'Harriet Lowe'.
           05  FILLER PIC X(30) VALUE 'Ines Duarte'.
           05  FILLER PIC X(30) VALUE 'Jonah Whitaker'.
      *    Kathe Gross
           05  FILLER PIC X(30) VALUE
               X'4BE47468652047726FDF2020202020'.
      *    Lars Odegard
           05  FILLER PIC X(30) VALUE
               X'4C61727320D8646567E57264202020'.
           05  FILLER PIC X(30) VALUE 'Maria Lindqvist'.
           05  FILLER PIC X(30) VALUE 'Noor van Dijk'.
           05  FILLER PIC X(30) VALUE 'Oscar Brandt'.
           05  FILLER PIC X(30) VALUE 'Petra Simek'.
           05  FILLER PIC X(30) VALUE 'Quentin Moreau'.
           05  FILLER PIC X(30) VALUE 'Rosa Ferreira'.
      *    Soren Holm
           05  FILLER PIC X(30) VALUE
               X'53F872656E20486F6C6D2020202020'.
      *    Tomas Iglesias
           05  FILLER PIC X(30) VALUE
               X'546F6DE1732049676C657369617320'.
      *    Ursula Weiss
           05  FILLER PIC X(30) VALUE
               X'557273756C6120576569DF20202020'.
           05  FILLER PIC X(30) VALUE 'Viktor Hansen'.
           05  FILLER PIC X(30) VALUE 'Wanda Kowal'.
      *    Ximena Rios
           05  FILLER PIC X(30) VALUE
               X'58696D656E612052ED6F7320202020'.
      *    Yvonne Dupre
           05  FILLER PIC X(30) VALUE
               X'59766F6E6E652044757072E9202020'.
           05  FILLER PIC X(30) VALUE 'Zeno Bianchi'.
           05  FILLER PIC X(30) VALUE 'Anton Gruber'.
           05  FILLER PIC X(30) VALUE 'Beatrix Vogel'.
           05  FILLER PIC X(30) VALUE 'Cormac Daly'.
           05  FILLER PIC X(30) VALUE 'Delphine Roche'.
       01  SEED-CUSTOMERS REDEFINES SEED-CUSTOMER-ROWS.
           05  SEED-HOLDER OCCURS 30   PIC X(30).
