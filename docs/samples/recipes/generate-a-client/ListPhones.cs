using System;
using System.Net.Http;
using System.Threading.Tasks;
using Org.OpenAPITools.Api;
using Org.OpenAPITools.Client;

class ListPhones
{
    static async Task<int> Main()
    {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com, and replace the ids.
        var configuration = new Configuration
        {
            BasePath = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020",
            AccessToken = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo",
        };
        // A redirect could take the request to another host.
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            var phones = new BorrowerPhonesApi(http, configuration, handler);
            var list = await phones.ListBorrowerPhonesAsync(57062885, 124927241);
            foreach (var phone in list.Data) Console.WriteLine(phone.Id);
            return 0;
        }
        catch (ApiException error)
        {
            Console.Error.WriteLine("The API returned the status " + error.ErrorCode + ".");
        }
        catch (Exception error) when (error is HttpRequestException || error is TaskCanceledException)
        {
            Console.Error.WriteLine("No response: " + error.Message);
        }
        return 1;
    }
}
