using System;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

class Adapter {
    static void Main() {
        var client = new HttpClient();
        for (string line; (line = Console.ReadLine()) != null; ) {
            Func<string, string> text = name => // Use a JSON library, if you have one.
                Regex.Match(line, "\"" + name + "\":\"?(\\{.*?\\}|[^\",}]*)").Groups[1].Value;
            var request = new HttpRequestMessage(new HttpMethod(text("method")), text("base_url") + text("path"));
            request.Headers.Add("Accept", "application/json");
            request.Headers.Add("Authorization", "Bearer " + text("token"));
            if (text("body") != "") request.Content = new StringContent(text("body"), null, "application/json");
            var deadline = new CancellationTokenSource(int.Parse(text("deadline_ms")));
            string outcome = "ok", output = "";
            try { // Call your client here.
                if (!client.SendAsync(request, deadline.Token).Result.IsSuccessStatusCode) outcome = "error";
            } catch (AggregateException error) {
                outcome = error.InnerException is TaskCanceledException ? "timeout" : "connection";
                output = Regex.Replace(error.InnerException.Message, "[^ !#-\\[\\]-~]", "'");
            }
            Console.WriteLine($"{{\"id\":\"{text("id")}\",\"outcome\":\"{outcome}\",\"output\":\"{output}\"}}");
        }
    }
}
